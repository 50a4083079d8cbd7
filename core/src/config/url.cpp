// See url.hpp and redact_url() in config.hpp. libpq's own parser decides what the parts are, so
// that nothing is taken for a host here and for a password there. Its error messages quote parts
// of the text and are therefore never passed on.
#include "config/url.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <quartermaster/config.hpp>
#include <string_view>
#include <vector>

namespace qm {
namespace {

constexpr std::string_view unreadable = "(unreadable connection string)";
constexpr std::string_view blank = "***";

struct Part {
  std::string keyword;
  std::string value;
  bool secret = false;
};

// libpq marks passwords with a display character "*"; keys it marks as debug options.
bool is_secret(const PQconninfoOption& option) {
  const std::string_view keyword = option.keyword;
  const std::string_view display = option.dispchar == nullptr ? "" : option.dispchar;
  const auto contains = [&](std::string_view word) {
    return keyword.find(word) != std::string_view::npos;
  };
  return display.find('*') != std::string_view::npos || contains("password") ||
         contains("secret") || contains("sslkey") || contains("scram_");
}

std::optional<std::vector<Part>> parse(const std::string& text) {
  if (text.find('\0') != std::string::npos) return std::nullopt;
  char* message = nullptr;
  const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> options(
      PQconninfoParse(text.c_str(), &message), PQconninfoFree);
  const std::unique_ptr<char, void (*)(void*)> owned_message(message, PQfreemem);
  if (options == nullptr) return std::nullopt;
  std::vector<Part> parts;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    const bool secret = is_secret(*option);
    parts.push_back({option->keyword, secret ? std::string(blank) : option->val, secret});
  }
  return parts;
}

bool is_url(std::string_view text) {
  return text.starts_with("postgresql://") || text.starts_with("postgres://");
}

// In "postgresql://u:p@ss@host" libpq's host is "ss@host", in "postgresql://u:p/w@host" its port is
// "p": signs that part of a password stands where it would be shown.
bool is_suspicious(const Part& part) {
  const std::string& value = part.value;
  if (part.keyword == "host" || part.keyword == "hostaddr") {
    // A leading "@" names an abstract socket, in each of the comma-separated hosts.
    for (std::size_t at = value.find('@'); at != std::string::npos; at = value.find('@', at + 1)) {
      if (at != 0 && value[at - 1] != ',') return true;
    }
    return false;
  }
  if (part.keyword == "port") return value.find_first_not_of("0123456789,") != std::string::npos;
  // A database name may itself be a connection string when libpq is asked to expand it.
  if (part.keyword == "dbname") return value.find_first_of("@=:?") != std::string::npos;
  if (part.keyword == "user") return value.find_first_of(":=/") != std::string::npos;
  return false;
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                          (c >= 'A' && c <= 'Z') ||
                          std::string_view("-._~*").find(c) != std::string_view::npos;
    if (is_plain) {
      encoded += c;
    } else {
      encoded += '%';
      encoded += digits[byte >> 4U];
      encoded += digits[byte & 15U];
    }
  }
  return encoded;
}

std::vector<std::string> split_commas(std::string_view text) {
  std::vector<std::string> items;
  for (;;) {
    const std::size_t comma = text.find(',');
    items.emplace_back(text.substr(0, comma));
    if (comma == std::string_view::npos) return items;
    text.remove_prefix(comma + 1);
  }
}

std::string authority(const std::string& host, const std::string& port) {
  const std::vector<std::string> hosts = split_commas(host);
  const std::vector<std::string> ports = split_commas(port);
  std::string text;
  for (std::size_t i = 0; i < std::max(hosts.size(), ports.size()); ++i) {
    if (i > 0) text += ',';
    if (i < hosts.size()) {
      const bool is_v6 = hosts[i].find(':') != std::string::npos && !hosts[i].starts_with('/');
      if (is_v6) {
        text.append("[").append(hosts[i]).append("]");
      } else {
        text += percent_encoded(hosts[i]);
      }
    }
    if (i < ports.size() && !ports[i].empty()) text.append(":").append(ports[i]);
  }
  return text;
}

std::string as_url(const std::vector<Part>& parts) {
  std::string user;
  std::string password;
  std::string host;
  std::string port;
  std::string database;
  std::string query;
  for (const Part& part : parts) {
    if (part.keyword == "user") {
      user = percent_encoded(part.value);
    } else if (part.keyword == "password") {
      password = part.value;
    } else if (part.keyword == "host") {
      host = part.value;
    } else if (part.keyword == "port") {
      port = part.value;
    } else if (part.keyword == "dbname") {
      database = percent_encoded(part.value);
    } else {
      query += query.empty() ? '?' : '&';
      query += part.keyword + "=" + percent_encoded(part.value);
    }
  }
  std::string url = "postgresql://";
  url += user;
  if (!password.empty()) url.append(":").append(password);
  if (!user.empty() || !password.empty()) url += '@';
  url += authority(host, port);
  if (!database.empty()) url.append("/").append(database);
  return url.append(query);
}

std::string as_pairs(const std::vector<Part>& parts) {
  std::string text;
  for (const Part& part : parts) {
    if (!text.empty()) text += ' ';
    text += part.keyword + '=';
    const bool is_plain =
        !part.value.empty() && part.value.find_first_of(" '\\\t\n\r\f\v") == std::string::npos;
    if (is_plain) {
      text += part.value;
      continue;
    }
    text += '\'';
    for (const char c : part.value) {
      if (c == '\'' || c == '\\') text += '\\';
      text += c;
    }
    text += '\'';
  }
  return text;
}

}  // namespace

bool is_connection_string(const std::string& text) {
  return parse(text).has_value();
}

std::string redact_url(const std::string& url) {
  if (url.empty()) return {};
  const auto parts = parse(url);
  if (!parts || std::any_of(parts->begin(), parts->end(), is_suspicious)) {
    return std::string(unreadable);
  }
  return is_url(url) ? as_url(*parts) : as_pairs(*parts);
}

}  // namespace qm
