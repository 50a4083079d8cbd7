DROP TABLE "Book List";
DROP TABLE authors;
