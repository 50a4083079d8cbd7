// The annotations of a query: comment lines that begin with @, above its statement.
//
//   @params a, b       the order of the parameters, all of them
//   @sensitive a, b    never shown anywhere
//   @loggable a, b     text that may be shown in logs
//   @since 103         lowest schema version of this plugin that it works with
//   @requires movie 202   reads from that plugin's tables, at that version or a later one; without
//   it
//                         the query is there, but not available
//   @replica           reads only, may go to a replica
//   @notnull c, d      columns that are never NULL although PostgreSQL cannot prove it
//   @nullable c, d     columns that are to be optional although they are never NULL
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "codegen/query_file.hpp"

namespace qm::codegen {

// What a comment says, without its marks and the white space around it.
struct CommentText {
  std::string_view text;
  std::size_t offset = 0;  // of the text in the source
};
CommentText comment_text(const Token& comment);

// The words of a comment, split at white space.
std::vector<Mention> words_of(const CommentText& comment);

// "-- name: ...", or the same in a block comment
bool is_name_line(const Token& comment);

// Whether the comment begins with an annotation that is known.
bool is_annotation(const CommentText& comment);

// Adds what the annotation says. Throws CodegenError when it is unknown or malformed.
void read_annotation(const Source& source, const std::string& query, const CommentText& comment,
                     Annotations& annotations);

}  // namespace qm::codegen
