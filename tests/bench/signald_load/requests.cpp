// Requests that are answered one by one: pings, durable lines of chat, HTTP.
#include "tests/bench/signald_load/scenario.h"

namespace signaling::load {
namespace {

class Requests : public Scenario {
 public:
  using Scenario::Scenario;
  boost::json::object run() override {
    fleet_.open(fleet_.clients().size());
    return measure();
  }
  void on_text(Client& client, std::string_view text) final {
    const auto number = answered(client, text);
    if (!number || *number >= client.sent) return;  // the join's acknowledgement is none of ours
    meter_.add(client.sent_at(*number));
    --in_flight_;
    if (goes_on()) send_one(client);
  }

 protected:
  virtual void send(Client& client, std::uint64_t number) = 0;
  [[nodiscard]] virtual std::optional<std::uint64_t> answered(const Client& client, std::string_view text) = 0;

 private:
  void begin() override {
    if (is_open_loop()) return;
    for (Client& client : fleet_.clients())
      for (std::size_t i = 0; i < fleet_.options().window; ++i) send_one(client);
  }
  void send_due(std::uint64_t number) override { send_one(fleet_.clients()[number % fleet_.clients().size()]); }
  void send_one(Client& client) {
    ++in_flight_;
    send(client, client.stamp());
  }
  [[nodiscard]] std::uint64_t in_flight() const override { return in_flight_; }
  std::uint64_t in_flight_ = 0;
};

class Echo final : public Requests {
 public:
  using Requests::Requests;

 private:
  void send(Client& client, std::uint64_t number) override {
    fleet_.say(client, dialect().echo(number, fleet_.options().size));
  }
  std::optional<std::uint64_t> answered(const Client&, std::string_view text) override {
    return dialect().echoed(text);
  }
};

class Chat final : public Requests {
 public:
  using Requests::Requests;

 private:
  void send(Client& client, std::uint64_t number) override {
    const std::string mark = chat_mark(client, number);
    const std::string line = mark + filler(fleet_.options().size, mark.size());
    fleet_.say(client, dialect().chat(client, fleet_.rooms()[client.room], number, line));
  }
  std::optional<std::uint64_t> answered(const Client& client, std::string_view text) override {
    return dialect().stored(client, text);
  }
};

class Rest final : public Requests {
 public:
  explicit Rest(Fleet& fleet)
      : Requests(fleet),
        request_("GET " + fleet.options().path + " HTTP/1.1\r\nHost: " + fleet.options().host + "\r\n\r\n") {}

 private:
  void send(Client& client, std::uint64_t) override { fleet_.write(client, request_); }
  // Answers come in order.
  std::optional<std::uint64_t> answered(const Client& client, std::string_view text) override {
    misdelivered_ += text.starts_with("HTTP/1.1 200") ? 0 : 1;
    return heard_[client.id]++;
  }
  std::string request_;
  std::vector<std::uint64_t> heard_ = std::vector<std::uint64_t>(fleet_.clients().size());
};

}  // namespace

std::unique_ptr<Scenario> make_requests(Fleet& fleet) {
  const std::string& name = fleet.options().scenario;
  if (name == "chat") return std::make_unique<Chat>(fleet);
  if (name == "rest") return std::make_unique<Rest>(fleet);
  return std::make_unique<Echo>(fleet);
}

}  // namespace signaling::load
