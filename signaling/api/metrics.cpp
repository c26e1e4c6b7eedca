#include "signaling/api/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <map>
#include <mutex>
#include <sstream>
#include <tuple>
#include <utility>
#include <vector>

namespace signaling::api {
namespace {

using prometheus::BuildCounter;
using prometheus::BuildGauge;
using prometheus::BuildHistogram;
using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;
using prometheus::Registry;
using Buckets = Histogram::BucketBoundaries;

const Buckets kSeconds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
const Buckets kShort{0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.1, 1};
const Buckets kRatios{0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5};
const Buckets kCounts{1, 2, 4, 8, 16, 32, 64, 128};

// Families whose series come with their first event: known from the start all the same (O3).
struct Declared {
  std::string_view name;
  std::string_view type;
};
constexpr Declared kLabelled[] = {{"http_requests_total", "counter"},
                                  {"http_request_duration_seconds", "histogram"},
                                  {"user_logins_total", "counter"},
                                  {"signald_ws_connections", "gauge"},
                                  {"signald_ws_messages_total", "counter"},
                                  {"signald_session_resume_total", "counter"},
                                  {"signald_joins_total", "counter"},
                                  {"signald_outbox_pending", "gauge"},
                                  {"signald_auth_total", "counter"},
                                  {"signald_rate_limited_total", "counter"},
                                  {"signald_webrtc_peer_connections", "gauge"},
                                  {"signald_webrtc_setup_total", "counter"}};

double seconds(std::chrono::nanoseconds duration) { return std::chrono::duration<double>(duration).count(); }

Family<Counter>& counters(Registry& registry, const std::string& name, const std::string& help) {
  return BuildCounter().Name(name).Help(help).Register(registry);
}

Family<Histogram>& histograms(Registry& registry, const std::string& name, const std::string& help) {
  return BuildHistogram().Name(name).Help(help).Register(registry);
}

// Counters of a family that differ in a few words of ours, found without making labels of them. Thread-safe.
class Counted {
 public:
  Counted(Family<Counter>& family, std::string first_label, std::string second_label = {})
      : family_(family), first_label_(std::move(first_label)), second_label_(std::move(second_label)) {}
  Counter& of(std::string_view first, std::string_view second = {}) {
    const std::lock_guard lock(mutex_);
    for (const Known& each : known_)
      if (each.first == first && each.second == second) return *each.counter;
    prometheus::Labels labels{{first_label_, std::string(first)}};
    if (!second_label_.empty()) labels.emplace(second_label_, second);
    return *known_.emplace_back(Known{std::string(first), std::string(second), &family_.Add(labels)}).counter;
  }

 private:
  struct Known {
    std::string first, second;
    Counter* counter;
  };
  Family<Counter>& family_;
  const std::string first_label_, second_label_;
  std::mutex mutex_;
  std::vector<Known> known_;  // guarded by mutex_
};

}  // namespace

// The series of one kind of answer, looked up once.
struct Metrics::Series {
  Counter* count = nullptr;
  Histogram* duration = nullptr;
};

struct Metrics::Families {
  explicit Families(Registry& registry)
      : requests(counters(registry, "http_requests_total", "HTTP requests answered")),
        durations(histograms(registry, "http_request_duration_seconds", "From the head of a request to its answer")),
        registrations(counters(registry, "user_registrations_total", "Accounts made by signing up").Add({})),
        logins(counters(registry, "user_logins_total", "Log-ins by their outcome")),
        authentications(counters(registry, "signald_auth_total", "Credentials checked"), "method", "result"),
        rate_limited(counters(registry, "signald_rate_limited_total", "What was refused for its rate")),
        joins(counters(registry, "signald_joins_total", "Tries to join a meeting, over HTTP and sockets"), "result"),
        chat_messages(counters(registry, "signald_chat_messages_total", "Chat messages that were sent").Add({})),
        db_seconds(histograms(registry, "signald_db_seconds", "Work in the database")),
        db_batch(histograms(registry, "signald_db_batch", "Jobs that shared one commit").Add({}, kCounts)),
        commits(db_seconds.Add({{"op", "commit"}}, kSeconds)),
        reads(db_seconds.Add({{"op", "read"}}, kSeconds)),
        webrtc_rtt(
            histograms(registry, "signald_webrtc_rtt_seconds", "Round trips that browsers measured").Add({}, kSeconds)),
        webrtc_loss(histograms(registry, "signald_webrtc_loss_ratio", "Loss that browsers measured").Add({}, kRatios)),
        webrtc_setup(
            histograms(registry, "signald_webrtc_setup_seconds", "From joining to the first media").Add({}, kSeconds)),
        webrtc_setups(counters(registry, "signald_webrtc_setup_total", "Connections between browsers by outcome")),
        relays(histograms(registry, "signald_relay_seconds", "From a signal's arrival to its recipient's queue")
                   .Add({}, kShort)),
        rooms(histograms(registry, "signald_room_participants", "People in a room, each time that one comes in")
                  .Add({}, kCounts)),
        broker(histograms(registry, "signald_broker_seconds", "From an event to those who listen for it")
                   .Add({}, kSeconds)) {}

  Family<Counter>& requests;
  Family<Histogram>& durations;
  Counter& registrations;
  Family<Counter>& logins;
  Counted authentications;
  Family<Counter>& rate_limited;
  Counted joins;
  Counter& chat_messages;
  Family<Histogram>& db_seconds;
  Histogram& db_batch;
  Histogram& commits;
  Histogram& reads;
  Histogram& webrtc_rtt;
  Histogram& webrtc_loss;
  Histogram& webrtc_setup;
  Family<Counter>& webrtc_setups;
  Histogram& relays;
  Histogram& rooms;
  Histogram& broker;

  std::mutex mutex;
  std::map<std::tuple<net::Method, unsigned, std::string>, Series, std::less<>> series;  // guarded by mutex
  std::vector<std::function<void()>> preparations;
  std::map<std::string, Family<Gauge>*> gauge_families;
  std::map<std::string, Family<Counter>*> sum_families;
  std::vector<std::pair<Gauge*, std::function<double()>>> gauges;
  std::vector<std::pair<Counter*, std::function<double()>>> sums;
};

Metrics::Metrics() : registry_(std::make_shared<Registry>()), families_(std::make_unique<Families>(*registry_)) {}

Metrics::~Metrics() = default;

void Metrics::count_request(net::Method method, std::string_view route, unsigned status,
                            std::chrono::nanoseconds took) {
  Series found;
  {
    const std::lock_guard lock(families_->mutex);
    Series& series = families_->series[{method, status, std::string(route)}];
    if (series.count == nullptr) {
      const std::string name(to_string(method));
      series.count = &families_->requests.Add(
          {{"method", name}, {"route", std::string(route)}, {"status", std::to_string(status)}});
      series.duration = &families_->durations.Add({{"method", name}, {"route", std::string(route)}}, kSeconds);
    }
    found = series;
  }
  found.count->Increment();
  found.duration->Observe(seconds(took));
}

void Metrics::count_registration() { families_->registrations.Increment(); }

void Metrics::count_login(std::string_view status) {
  families_->logins.Add({{"status", std::string(status)}}).Increment();
}

void Metrics::count_authentication(std::string_view method, std::string_view result) {
  families_->authentications.of(method, result).Increment();
}

void Metrics::count_rate_limited(std::string_view bucket) {
  families_->rate_limited.Add({{"bucket", std::string(bucket)}}).Increment();
}

void Metrics::count_join(std::string_view result) { families_->joins.of(result).Increment(); }

void Metrics::count_chat_message() { families_->chat_messages.Increment(); }

void Metrics::count_commit(std::chrono::nanoseconds took, std::size_t jobs) {
  families_->commits.Observe(seconds(took));
  families_->db_batch.Observe(static_cast<double>(jobs));
}

void Metrics::count_read(std::chrono::nanoseconds took) { families_->reads.Observe(seconds(took)); }

void Metrics::observe_broker(std::chrono::nanoseconds took) { families_->broker.Observe(seconds(took)); }

void Metrics::observe_relay(std::chrono::nanoseconds took) { families_->relays.Observe(seconds(took)); }

void Metrics::observe_room(std::size_t members) { families_->rooms.Observe(static_cast<double>(members)); }

void Metrics::observe_webrtc(WebrtcFigure what, double value) {
  switch (what) {
    case WebrtcFigure::rtt:
      return families_->webrtc_rtt.Observe(value);
    case WebrtcFigure::loss:
      return families_->webrtc_loss.Observe(value);
    case WebrtcFigure::setup:
      return families_->webrtc_setup.Observe(value);
  }
}

void Metrics::count_webrtc_setup(std::string_view result) {
  families_->webrtc_setups.Add({{"result", std::string(result)}}).Increment();
}

void Metrics::before_scrape(std::function<void()> prepare) { families_->preparations.push_back(std::move(prepare)); }

void Metrics::add_gauge(const std::string& name, const std::string& help, std::function<double()> value,
                        const Labels& labels) {
  Family<Gauge>*& family = families_->gauge_families[name];
  if (family == nullptr) family = &BuildGauge().Name(name).Help(help).Register(*registry_);
  families_->gauges.emplace_back(&family->Add(labels), std::move(value));
}

void Metrics::add_counter(const std::string& name, const std::string& help, std::function<double()> value,
                          const Labels& labels) {
  Family<Counter>*& family = families_->sum_families[name];
  if (family == nullptr) family = &counters(*registry_, name, help);
  families_->sums.emplace_back(&family->Add(labels), std::move(value));
}

std::string Metrics::text() {
  for (const auto& prepare : families_->preparations) prepare();
  for (const auto& [gauge, value] : families_->gauges) gauge->Set(value());
  for (const auto& [sum, value] : families_->sums) sum->Increment(value() - sum->Value());
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, registry_->Collect());
  std::string text = out.str();
  for (const Declared& family : kLabelled) {
    const std::string type = "# TYPE " + std::string(family.name) + " ";
    if (text.find(type) == std::string::npos) text += type + std::string(family.type) + "\n";
  }
  return text;
}

}  // namespace signaling::api
