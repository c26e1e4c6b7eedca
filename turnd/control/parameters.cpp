#include "turnd/control/parameters.h"

#include <algorithm>
#include <utility>

#include "turnd/base/percent.h"
#include "turnd/base/utf8.h"
#include "turnd/control/text.h"

namespace turnd::control {
namespace {

std::optional<std::string> decode_form(std::string_view text) {
  std::string spaced(text);
  std::ranges::replace(spaced, '+', ' ');
  return percent_decode(spaced);
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text) {
  auto decoded = base::percent_decoded(text);
  return decoded && base::is_utf8(*decoded) ? std::move(decoded) : std::nullopt;
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
