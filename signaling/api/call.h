// Call: one request to the API, from its routing to its one answer.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/object.hpp>

#include "signaling/api/route.h"
#include "signaling/net/exchange.h"
#include "signaling/net/loop.h"
#include "signaling/store/database.h"
#include "turnd/base/clock.h"

namespace signaling::api {

// What somebody shows to say who he is.
struct Credentials {
  enum class Kind : std::uint8_t { none, bearer, cookie, key } kind = Kind::none;
  std::string text;
};

// What all calls share. Everything in it outlives them.
struct Surroundings {
  net::Loop& loop;
  store::Database& database;
  // On a storage thread: whose credentials these are (never `none`).
  std::function<Outcome<service::Identity>(store::Connection&, const Credentials&, WallTime)> identify;
  // On a storage thread, after the commit: carries out what the services asked for.
  std::function<void(service::Effects)> carry_out;
  std::function<WallTime()> wall_clock;
  std::function<bool()> guests_allowed = [] { return true; };  // auth.guests
  bool is_secure = false;                                      // public_url is https: cookies are marked Secure (R14)
};

// Shared by whoever still works on it. Reading it is safe on any thread; answering too, once.
class Call : public std::enable_shared_from_this<Call> {
 public:
  using Parameters = std::vector<std::pair<std::string, std::string>>;
  Call(const Surroundings& around, net::Request request, std::shared_ptr<net::Exchange> exchange, Parameters parameters,
       std::string request_id);

  [[nodiscard]] const net::Request& request() const { return request_; }
  [[nodiscard]] std::unique_ptr<net::UploadedFile> take_file() { return std::move(request_.file); }
  // Of the path template, decoded; empty when it has none of that name.
  [[nodiscard]] std::string_view parameter(std::string_view name) const;
  // A parameter that is an id: a positive integer up to 2^53, or nothing, which is 404 (R13).
  [[nodiscard]] std::optional<std::int64_t> id(std::string_view name) const;
  // Of the query, decoded, in either spelling (R9).
  [[nodiscard]] std::optional<std::string> query(std::string_view name) const;
  // A positive integer of the query, lowered to `most`; `otherwise` when it is absent; bad_request for anything else
  // (R12).
  [[nodiscard]] Outcome<std::int64_t> number(std::string_view name, std::int64_t otherwise, std::int64_t most) const;
  [[nodiscard]] const boost::json::object& body() const { return body_; }
  [[nodiscard]] std::optional<std::string> cookie(std::string_view name) const;
  [[nodiscard]] const std::string& request_id() const { return request_id_; }
  [[nodiscard]] std::string client() const { return to_string(request_.client); }
  [[nodiscard]] std::string_view user_agent() const { return request_.fields.find("User-Agent"); }
  // As far as the route's access asks for it.
  [[nodiscard]] const service::Identity& who() const { return who_; }
  [[nodiscard]] const Surroundings& around() const { return around_; }
  // The cookie csrf and the header agree (R14).
  [[nodiscard]] bool has_csrf_token() const;

  void reply(Outcome<Reply> outcome);
  // Runs the job in a transaction as who() and replies with what it returns.
  void read(Job job);
  void write(Job job);
  // The same in as many transactions as it takes, between which others write: nothing means that there is more to do.
  using Slice = std::function<Outcome<std::optional<Reply>>(Context&)>;
  void write_in_slices(Slice slice);
  // On the loop's thread: `gone` when the client goes before the answer.
  void on_gone(std::function<void()> gone) { exchange_->on_gone(std::move(gone)); }
  [[nodiscard]] net::Exchange& exchange() { return *exchange_; }

  // Of the one who routes: parses the body, finds out who asks, does the work.
  void run(const Route& route);

 private:
  [[nodiscard]] std::optional<protocol::Failure> read_body(const Route& route);
  [[nodiscard]] Outcome<Credentials> credentials(const Route& route) const;
  [[nodiscard]] std::optional<protocol::Failure> admit(Access access) const;
  void authenticate(const Route& route, Credentials shown);
  [[nodiscard]] std::optional<protocol::Failure> identify(store::Connection& db, const Credentials& shown,
                                                          Access access);
  void work(const Route& route);
  template <class Work>
  void submit(Transaction transaction, Work work);

  const Surroundings& around_;
  net::Request request_;
  std::shared_ptr<net::Exchange> exchange_;
  Parameters parameters_;
  std::string request_id_;
  boost::json::object body_;
  service::Identity who_;
};

}  // namespace signaling::api
