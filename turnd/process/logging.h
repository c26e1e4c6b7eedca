// Logging: one line each on stderr, for people on a terminal and as JSON otherwise (operations.md D57-D61).
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "turnd/base/log_words.h"

namespace turnd::process {

using base::LogFormat;
using base::LogLevel;

// Installs the process-wide logger, under the program's name; again on reload. Thread-safe. A full or closed stderr
// loses lines, never time.
void set_up_logging(const std::string& program, LogLevel level, LogFormat format);

// Whether lines of that level are written: for whoever would take trouble to make one.
[[nodiscard]] bool logs(LogLevel level);
// `fields` are flat members beside time, level and message; foreign text in them is escaped here.
void log_line(LogLevel level, std::string_view message, const boost::json::object& fields = {});
// Written whatever the level: the ready line.
void log_always(std::string_view message, const boost::json::object& fields = {});

}  // namespace turnd::process
