// PostgreSQL's lexical structure: what is a token, what is inside a string or comment, and what
// never ends.
#include "codegen/lexer.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "codegen_input.hpp"

namespace qm::codegen {
namespace {

using test::fault;

// "kind:text", blank-separated; the kind by its initial letters.
std::string tokens(std::string_view text) {
  constexpr std::array<std::string_view, 10> kinds{"id",  "qid", "str",  "num", "pos",
                                                   "arg", "op",  "cast", "sym", "line"};
  const Source source("q.sql", text);
  std::string out;
  for (const Token& token : lex(source)) {
    EXPECT_EQ(token.text,
              std::string_view(source.text()).substr(token.begin, token.end - token.begin));
    const auto kind = static_cast<std::size_t>(token.kind);
    if (!out.empty()) out += ' ';
    out += kind < kinds.size() ? kinds[kind] : "block";
    out += ':';
    out += token.text;
  }
  return out;
}

std::string lex_fault(std::string_view text) {
  const Source source("q.sql", text);
  return fault([&] { lex(source); });
}

TEST(Lexer, TakesAStatementApart) {
  EXPECT_EQ(tokens("select a.b[1], count(*) from t where x <> 'it''s';"),
            "id:select id:a sym:. id:b sym:[ num:1 sym:] sym:, id:count sym:( op:* sym:) id:from "
            "id:t id:where id:x op:<> str:'it''s' sym:;");
}

TEST(Lexer, LeavesOutWhiteSpaceOfEveryKind) {
  EXPECT_EQ(tokens(" a\tb\r\nc\fd\ve "), "id:a id:b id:c id:d id:e");
  EXPECT_EQ(tokens(""), "");
  EXPECT_EQ(tokens(" \n\t"), "");
}

TEST(Lexer, EndsALineCommentAtTheLineEnd) {
  EXPECT_EQ(tokens("a -- 'b /* @c\r\nd"), "id:a line:-- 'b /* @c id:d");
  EXPECT_EQ(tokens("a --"), "id:a line:--");
}

TEST(Lexer, NestsBlockComments) {
  EXPECT_EQ(tokens("a /* b /* c */ 'd */ e"), "id:a block:/* b /* c */ 'd */ id:e");
  EXPECT_EQ(tokens("/***/ a"), "block:/***/ id:a");
  EXPECT_EQ(tokens("/*/**/*/a"), "block:/*/**/*/ id:a");
}

TEST(Lexer, SeesNothingInsideStrings) {
  EXPECT_EQ(tokens("'@a $1 -- /* \" $$'"), "str:'@a $1 -- /* \" $$'");
  EXPECT_EQ(tokens("'a\\' b"), "str:'a\\' id:b");  // a backslash is nothing special here
  EXPECT_EQ(tokens("''''"), "str:''''");
  EXPECT_EQ(tokens("''"), "str:''");
}

TEST(Lexer, KnowsEveryPrefixOfAString) {
  EXPECT_EQ(tokens("E'a\\'b' e'\\\\' B'01' x'1F' N'n' U&'\\0061' u&'b'"),
            "str:E'a\\'b' str:e'\\\\' str:B'01' str:x'1F' str:N'n' str:U&'\\0061' str:u&'b'");
  EXPECT_EQ(tokens("E 'a'"), "id:E str:'a'");
  EXPECT_EQ(tokens("date'2020-01-01'"), "id:date str:'2020-01-01'");
}

TEST(Lexer, JoinsStringsThatGoOnOnTheNextLine) {
  EXPECT_EQ(tokens("'a'\n  'b' c"), "str:'a'\n  'b' id:c");
  EXPECT_EQ(tokens("E'a'\n'\\'@b'"), "str:E'a'\n'\\'@b'");
  EXPECT_EQ(tokens("'a' 'b'"), "str:'a' str:'b'");
  EXPECT_EQ(tokens("'a'\n"), "str:'a'");
  EXPECT_EQ(tokens("\"a\"\n'b'"), "qid:\"a\" str:'b'");
}

TEST(Lexer, EndsDollarQuotesAtTheirOwnTagOnly) {
  EXPECT_EQ(tokens("$$a'@b$$ c"), "str:$$a'@b$$ id:c");
  EXPECT_EQ(tokens("$f$ $$ $g$ $1 $f$"), "str:$f$ $$ $g$ $1 $f$");
  EXPECT_EQ(tokens("$\xC3\xA4$x$\xC3\xA4$"), "str:$\xC3\xA4$x$\xC3\xA4$");
  EXPECT_EQ(tokens("a$b$c"), "id:a$b$c");  // a dollar sign inside an identifier opens nothing
  EXPECT_EQ(tokens("$a"), "sym:$ id:a");
}

TEST(Lexer, KnowsQuotedIdentifiers) {
  EXPECT_EQ(tokens("\"a\"\"b @c\" U&\"d\""), "qid:\"a\"\"b @c\" qid:U&\"d\"");
}

TEST(Lexer, TakesLettersBeyondAsciiIntoIdentifiers) {
  EXPECT_EQ(tokens("sch\xC3\xB6n \xE6\x98\xA0\xE7\x94\xBB @gr\xC3\xB6\xC3\x9F"
                   "e"),
            "id:sch\xC3\xB6n id:\xE6\x98\xA0\xE7\x94\xBB arg:@gr\xC3\xB6\xC3\x9F"
            "e");
}

TEST(Lexer, KnowsNumbers) {
  EXPECT_EQ(tokens("1 1.5 .5 2. 1e10 1E-3 1.5e+2"),
            "num:1 num:1.5 num:.5 num:2. num:1e10 num:1E-3 num:1.5e+2");
}

TEST(Lexer, KnowsParametersAndCasts) {
  EXPECT_EQ(tokens("$1 $23 @a @b_2::int @c::text[]"),
            "pos:$1 pos:$23 arg:@a arg:@b_2 cast::: id:int arg:@c cast::: id:text sym:[ sym:]");
  EXPECT_EQ(tokens("@a$1"), "arg:@a pos:$1");
}

TEST(Lexer, KeepsOperatorsThatContainAnAt) {
  EXPECT_EQ(tokens("a @> b <@ c @@ d @@@ e @? f @@ '$'"),
            "id:a op:@> id:b op:<@ id:c op:@@ id:d op:@@@ id:e op:@? id:f op:@@ str:'$'");
  EXPECT_EQ(tokens("a <@b"), "id:a op:<@ id:b");
  EXPECT_EQ(tokens("a @@b"), "id:a op:@@ id:b");
  EXPECT_EQ(tokens("@ -5"), "op:@ op:- num:5");  // the absolute value
  EXPECT_EQ(tokens("@-5"), "op:@- num:5");
}

TEST(Lexer, LeavesTheAbsoluteValueOfAColumnOrCallAlone) {
  EXPECT_EQ(tokens("@t.n @f(x) @n"), "op:@ id:t sym:. id:n op:@ id:f sym:( id:x sym:) arg:@n");
}

TEST(Lexer, FindsAParameterStraightAfterAnOperator) {
  EXPECT_EQ(tokens("a=@b"), "id:a op:= arg:@b");
  EXPECT_EQ(tokens("a>=@b||@c->>@d"), "id:a op:>= arg:@b op:|| arg:@c op:->> arg:@d");
  EXPECT_EQ(tokens("(@a,@b)"), "sym:( arg:@a sym:, arg:@b sym:)");
}

TEST(Lexer, KnowsTheOperatorsOfJsonb) {
  EXPECT_EQ(tokens("a ? 'b' ?| c ?& d #>> e #- f"),
            "id:a op:? str:'b' op:?| id:c op:?& id:d op:#>> id:e op:#- id:f");
}

TEST(Lexer, EndsAnOperatorAtAComment) {
  EXPECT_EQ(tokens("a*/* b */c"), "id:a op:* block:/* b */ id:c");
  EXPECT_EQ(tokens("a +--b\nc"), "id:a op:+ line:--b id:c");
}

TEST(Lexer, RefusesWhatNeverEndsWhereItBegins) {
  EXPECT_EQ(lex_fault("select\n  'abc"),
            "q.sql:2:3: a string: expected an end with ', found the end of the file");
  EXPECT_EQ(lex_fault("select E'abc\\'"),
            "q.sql:1:8: a string: expected an end with ', found the end of the file");
  EXPECT_EQ(lex_fault("select E'abc\\"),
            "q.sql:1:8: a string: expected an end with ', found the end of the file");
  EXPECT_EQ(lex_fault("'a'\n'b"),
            "q.sql:1:1: a string: expected an end with ', found the end of the file");
  EXPECT_EQ(lex_fault("select \"abc"),
            "q.sql:1:8: a quoted identifier: expected an end with \", found the end of the file");
  EXPECT_EQ(lex_fault("s\xC3\xA4 /* a /* b */"),
            "q.sql:1:4: a comment: expected an end with */, found the end of the file");
  EXPECT_EQ(lex_fault("/*/"),
            "q.sql:1:1: a comment: expected an end with */, found the end of the file");
  EXPECT_EQ(lex_fault("a $tag$ b $$ $Tag$"),
            "q.sql:1:3: a dollar-quoted string: expected an end with $tag$, found the end of the "
            "file");
}

TEST(Lexer, ComparesWordsWithoutCaseButNotQuotedOnes) {
  const Source source("q.sql", "SeLeCt \"select\"");
  const auto read = lex(source);
  ASSERT_EQ(read.size(), 2U);
  EXPECT_TRUE(read[0].is_word("select"));
  EXPECT_FALSE(read[1].is_word("select"));
  EXPECT_EQ(identifier_name(read[0]), "select");
  EXPECT_EQ(identifier_name(read[1]), "select");
}

TEST(Lexer, NamesAreFoldedOrUnquoted) {
  const Source source("q.sql", "MixedCase \"Mixed\"\"Case\" 'it''s'");
  const auto read = lex(source);
  ASSERT_EQ(read.size(), 3U);
  EXPECT_EQ(identifier_name(read[0]), "mixedcase");
  EXPECT_EQ(identifier_name(read[1]), "Mixed\"Case");
  EXPECT_EQ(identifier_name(read[2]), "it's");
}

TEST(Lexer, LeavesOutCommentsOnDemand) {
  const Source source("q.sql", "a -- b\n/* c */ d");
  EXPECT_EQ(lex(source).size(), 4U);
  EXPECT_EQ(without_comments(lex(source)).size(), 2U);
}

}  // namespace
}  // namespace qm::codegen
