#include "turnd/process/logging.h"

#include <poll.h>
#include <spdlog/details/log_msg.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <boost/json/serialize.hpp>
#include <ctime>
#include <memory>
#include <mutex>
#include <string>

namespace turnd::process {
namespace {

// Between the message and its fields inside spdlog's payload. Neither side can hold it: both are escaped.
constexpr char kFieldSeparator = '\x1E';
constexpr std::string_view kLevelNames[] = {"debug", "debug", "info", "warning", "error", "error", "error"};

struct Payload {
  std::string_view message;
  std::string_view fields;  // a JSON object, or empty
};

Payload split(const spdlog::details::log_msg& line) {
  const std::string_view text(line.payload.data(), line.payload.size());
  const std::size_t at = text.find(kFieldSeparator);
  if (at == std::string_view::npos) return {text, {}};
  return {text.substr(0, at), text.substr(at + 1)};
}

void append(spdlog::memory_buf_t& to, std::string_view text) { to.append(text.data(), text.data() + text.size()); }

// RFC 3339, UTC, milliseconds.
void append_time(spdlog::memory_buf_t& to, spdlog::log_clock::time_point time) {
  const auto since_epoch = time.time_since_epoch();
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(since_epoch);
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch - seconds).count();
  const std::time_t calendar = static_cast<std::time_t>(seconds.count());
  std::tm utc{};
  gmtime_r(&calendar, &utc);
  char text[40];
  const std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
  append(to, {text, size});
  append(to, fmt::format(".{:03}Z", milliseconds));
}

class JsonFormatter final : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& line, spdlog::memory_buf_t& to) override {
    const Payload payload = split(line);
    append(to, R"({"time":")");
    append_time(to, line.time);
    append(to, R"(","level":")");
    append(to, kLevelNames[line.level]);
    append(to, R"(","message":)");
    append(to, boost::json::serialize(boost::json::string_view(payload.message)));
    if (payload.fields.size() > 2) {  // more than "{}": continue the object with its members
      append(to, ",");
      append(to, payload.fields.substr(1));
    } else {
      append(to, "}");
    }
    append(to, "\n");
  }
  [[nodiscard]] std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<JsonFormatter>(); }
};

class HumanFormatter final : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& line, spdlog::memory_buf_t& to) override {
    const Payload payload = split(line);
    append_time(to, line.time);
    append(to, fmt::format(" {:<7} ", kLevelNames[line.level]));
    append(to, payload.message);
    if (payload.fields.size() > 2) {
      append(to, "  ");
      append(to, payload.fields);
    }
    append(to, "\n");
  }
  [[nodiscard]] std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<HumanFormatter>(); }
};

// Asks before it writes: a reader that has stopped costs the line, not the time.
class StderrSink final : public spdlog::sinks::base_sink<std::mutex> {
 private:
  void sink_it_(const spdlog::details::log_msg& line) override {
    spdlog::memory_buf_t text;
    formatter_->format(line, text);
    pollfd ready{STDERR_FILENO, POLLOUT, 0};
    if (poll(&ready, 1, 0) != 1 || (ready.revents & POLLOUT) == 0) return;
    // One write keeps lines whole; a pipe that polls writable takes PIPE_BUF bytes without blocking.
    (void)!::write(STDERR_FILENO, text.data(), text.size());
  }
  void flush_() override {}
};

std::unique_ptr<spdlog::formatter> make_formatter(LogFormat format) {
  const bool human = format == LogFormat::human || (format == LogFormat::automatic && isatty(STDERR_FILENO) == 1);
  if (human) return std::make_unique<HumanFormatter>();
  return std::make_unique<JsonFormatter>();
}

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warning:
      return spdlog::level::warn;
    case LogLevel::error:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

std::string join(std::string_view message, const boost::json::object& fields) {
  std::string payload(message);
  if (!fields.empty()) {
    payload += kFieldSeparator;
    payload += boost::json::serialize(fields);
  }
  return payload;
}

}  // namespace

void set_up_logging(const std::string& program, LogLevel level, LogFormat format) {
  auto logger = std::make_shared<spdlog::logger>(program, std::make_shared<StderrSink>());
  logger->set_formatter(make_formatter(format));
  logger->set_level(to_spdlog(level));
  spdlog::set_default_logger(std::move(logger));
}

bool logs(LogLevel level) { return spdlog::default_logger()->should_log(to_spdlog(level)); }

void log_line(LogLevel level, std::string_view message, const boost::json::object& fields) {
  const auto logger = spdlog::default_logger();
  if (!logger->should_log(to_spdlog(level))) return;
  logger->log(to_spdlog(level), spdlog::string_view_t(join(message, fields)));
}

void log_always(std::string_view message, const boost::json::object& fields) {
  const std::string payload = join(message, fields);
  const auto logger = spdlog::default_logger();
  const spdlog::details::log_msg line(logger->name(), spdlog::level::info, payload);
  for (const auto& sink : logger->sinks()) sink->log(line);
}

}  // namespace turnd::process
