// Pairs that negotiate: an offer with its candidates, an answer with its own, and again.
#include "tests/bench/signald_load/scenario.h"

namespace signaling::load {
namespace {

constexpr std::uint64_t kCandidates = 8;

class Pairs final : public Scenario {
 public:
  using Scenario::Scenario;
  boost::json::object run() override {
    fleet_.open(fleet_.clients().size());
    return measure();
  }
  void on_text(Client& client, std::string_view text) override {
    const auto signal = dialect().signalled(text);
    if (!signal) return;
    Client& other = fleet_.clients()[client.id ^ 1U];
    meter_.add(other.sent_at(client.heard++));
    --in_flight_;
    const bool is_caller = client.id % 2 == 0;
    if (*signal == (is_caller ? Signal::offer : Signal::answer)) ++misdelivered_;
    if (*signal == Signal::offer) send_all(client, Signal::answer);
    Client& caller = is_caller ? client : other;
    if (goes_on() && client.heard == other.heard && client.heard % (1 + kCandidates) == 0)
      send_all(caller, Signal::offer);
  }

 private:
  void begin() override {
    for (std::size_t i = 0; i < fleet_.clients().size(); i += 2) send_all(fleet_.clients()[i], Signal::offer);
  }
  void send_all(Client& from, Signal description) {
    send(from, description);
    for (std::uint64_t i = 0; i < kCandidates; ++i) send(from, Signal::candidate);
  }
  void send(Client& from, Signal kind) {
    from.stamp();
    ++in_flight_;
    fleet_.say(from, dialect().signal(kind, fleet_.clients()[from.id ^ 1U]));
  }
  [[nodiscard]] std::uint64_t in_flight() const override { return in_flight_; }
  std::uint64_t in_flight_ = 0;
};

}  // namespace

std::unique_ptr<Scenario> make_pairs(Fleet& fleet) { return std::make_unique<Pairs>(fleet); }

}  // namespace signaling::load
