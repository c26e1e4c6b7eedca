// EventStream: turnd's stream of events, read for as long as it lives; a turnd that is restarted is joined again.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/json/object.hpp>

namespace signaling::turn {

// Its callbacks run on the executor, which must be one thread or a strand.
class EventStream {
 public:
  struct Callbacks {
    std::function<void(const boost::json::object&)> on_event;
    std::function<void()> on_joined;  // turnd sends from now on
    std::function<void()> on_lost;    // it went away; tried again until stop()
  };
  struct Retry {
    std::chrono::milliseconds first;
    std::chrono::milliseconds last;
  };
  EventStream(const boost::asio::any_io_executor& executor, std::string path, Retry retry, Callbacks callbacks);
  ~EventStream();  // stops
  EventStream(const EventStream&) = delete;
  EventStream& operator=(const EventStream&) = delete;

  void start();
  // No callback runs afterwards.
  void stop();

 private:
  class State;
  std::shared_ptr<State> state_;
};

}  // namespace signaling::turn
