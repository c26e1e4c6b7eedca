// Parameters: the query of a request, decoded and strict (operations.md D4).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "turnd/control/problem.h"

namespace turnd::control {

// nullopt: a '%' without two hex digits, or no UTF-8 once decoded.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text);

class Parameters {
 public:
  Parameters() = default;
  // `query` is what follows the '?', as sent ('+' stands for a space). A name that is not `allowed` or comes twice
  // is a problem that names it.
  [[nodiscard]] static Parsed<Parameters> parse(std::string_view query, std::span<const std::string_view> allowed);

  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;

 private:
  std::vector<std::pair<std::string, std::string>> values_;
};

}  // namespace turnd::control
