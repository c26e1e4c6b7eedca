// The configuration, its changes and its problems as the control API shows them (operations.md D17, D25).
#pragma once

#include <vector>

#include <boost/json/value.hpp>

#include "turnd/config/changes.h"
#include "turnd/config/problems.h"
#include "turnd/config/value.h"
#include "turnd/control/responses.h"

namespace turnd::admin {

[[nodiscard]] boost::json::value to_json(const config::Value& value);
[[nodiscard]] std::vector<control::Change> to_control(const std::vector<config::Change>& changes);
[[nodiscard]] std::vector<control::ConfigurationError> to_control(const std::vector<config::Problem>& problems);

}  // namespace turnd::admin
