#include "turnd/control/parameters.h"

#include <algorithm>
#include <cstdint>

#include "turnd/base/hex.h"
#include "turnd/base/utf8.h"
#include "turnd/control/text.h"

namespace turnd::control {
namespace {

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

std::optional<std::string> decode_form(std::string_view text) {
  std::string spaced(text);
  std::ranges::replace(spaced, '+', ' ');
  return percent_decode(spaced);
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const std::string_view digits = text.substr(i + 1, 2);
    const std::optional<base::Bytes> byte = base::from_hex(digits);
    if (digits.size() != 2 || !byte) return std::nullopt;
    out += static_cast<char>(byte->front());
    i += 2;
  }
  if (!base::is_utf8(out)) return std::nullopt;
  return out;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kDigits[byte >> 4];
    out += kDigits[byte & 0xF];
  }
  return out;
}

Parsed<Parameters> Parameters::parse(std::string_view query, std::span<const std::string_view> allowed) {
  Parameters parsed;
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    const std::optional<std::string> name = decode_form(pair.substr(0, equals));
    const std::optional<std::string> value =
        equals == std::string_view::npos ? std::string() : decode_form(pair.substr(equals + 1));
    if (!name || !value) return bad_request("The query is not percent-encoded UTF-8: " + printable(pair));
    if (std::ranges::find(allowed, *name) == allowed.end())
      return bad_request("There is no parameter \"" + printable(*name) + "\" here");
    if (parsed.find(*name)) return bad_request("The parameter \"" + *name + "\" is given twice");
    parsed.values_.emplace_back(*name, *value);
  }
  return parsed;
}

std::optional<std::string_view> Parameters::find(std::string_view name) const {
  for (const auto& [key, value] : values_)
    if (key == name) return value;
  return std::nullopt;
}

}  // namespace turnd::control
