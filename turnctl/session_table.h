// Sessions as a table: what `sessions list` and `sessions watch` show.
#pragma once

#include <boost/json/array.hpp>

#include "turnctl/output.h"

namespace turnctl {

[[nodiscard]] Table session_table(const boost::json::array& sessions);

}  // namespace turnctl
