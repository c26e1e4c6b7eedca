#include "turnd/logging_settings.h"

#include "turnd/process/logging.h"

namespace turnd {

using process::LogFormat;
using process::LogLevel;

namespace {

LogLevel level_of(config::LogLevel level) {
  switch (level) {
    case config::LogLevel::debug:
      return LogLevel::debug;
    case config::LogLevel::info:
      return LogLevel::info;
    case config::LogLevel::warning:
      return LogLevel::warning;
    case config::LogLevel::error:
      return LogLevel::error;
  }
  return LogLevel::info;
}

LogFormat format_of(config::LogFormat format) {
  switch (format) {
    case config::LogFormat::automatic:
      return LogFormat::automatic;
    case config::LogFormat::human:
      return LogFormat::human;
    case config::LogFormat::json:
      return LogFormat::json;
  }
  return LogFormat::automatic;
}

}  // namespace

void set_up_logging(const config::Config& config) {
  process::set_up_logging("turnd", level_of(config.log_level), format_of(config.log_format));
}

}  // namespace turnd
