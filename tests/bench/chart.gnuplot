# Draws the ratios of chart.tsv, a bar each: lines of (empty, contender, ratio) below the title of
# their workload (title, empty, 0).
set datafile separator "\t"
stats data using 3 nooutput
rows = STATS_records
set terminal pngcairo size 1100,(26 * rows + 90) font "DejaVu Sans,10" background rgb "white"
set output png
set yrange [rows - 0.3:-0.8]
set lmargin 52
set rmargin 6
set bmargin 4
set tmargin 1
unset key
set ytics scale 0 textcolor rgb "#222222"
set border 1 lc rgb "#888888"
set xtics nomirror ("1/8" 0.125, "1/4" 0.25, "1/2" 0.5, "1" 1, "2" 2, "4" 4, "8" 8)
set grid xtics lc rgb "#e4e4e4"
set logscale x 2
set xrange [0.125:8]
set xlabel "speed in proportion to hand-written libpq"
set style fill solid 1.0 noborder
color(name, ratio) = ratio == 1.0 ? 0xb0b0b0 : \
  (name[1:5] eq "libpq" || name[1:4] eq "SOCI") ? 0xd9a066 : 0x2f6fab
bar(ratio) = ratio > 0.125 ? ratio : 0.125
label(title, name) = title eq "" ? name : "{/:Bold " . title . "}"
plot data using (0.125):0:(0.125):(bar($3)):($0 - 0.36):($0 + 0.36):(color(strcol(2), $3)) \
       with boxxyerror lc rgb variable, \
     data using (bar($3)):0:($3 > 0 ? sprintf("%.2f", $3) : "") with labels left offset 0.4,0, \
     data using (bar($3)):0:ytic(label(strcol(1), strcol(2))) with dots lc rgb "white"
