#include "signaling/commands.h"

#include <algorithm>
#include <chrono>
#include <iostream>
#include <string>
#include <vector>

#include <boost/json/serialize.hpp>

#include "signaling/paths.h"
#include "signaling/protocol/time_text.h"
#include "signaling/replay.h"
#include "signaling/service/accounts.h"
#include "signaling/service/api_keys.h"
#include "signaling/service/password_hash.h"
#include "signaling/state_files.h"
#include "signaling/store/connection.h"
#include "signaling/store/schema.h"
#include "turnd/crypto/random.h"

namespace signaling {
namespace {

using protocol::ErrorCode;

constexpr int kDone = 0, kRefused = 1;

service::WallTime wall_now() { return std::chrono::system_clock::now(); }

int refuse(const protocol::Failure& failure) {
  std::cerr << "signald: " << failure.message << "\n";
  for (const auto& [field, texts] : failure.errors)
    for (const std::string& text : texts) std::cerr << "  " << field << ": " << text << "\n";
  return kRefused;
}

int add_user(const Options& options, store::Connection& db) {
  std::string password;
  if (!std::getline(std::cin, password)) {
    std::cerr << "signald: no password on standard input\n";
    return kRefused;
  }
  if (password.ends_with('\r')) password.pop_back();
  boost::json::object body{{"email", options.email}, {"password", password}};
  if (!options.name.empty()) body["name"] = options.name;
  if (!options.username.empty()) body["username"] = options.username;
  if (options.is_admin) body["role"] = "admin";
  const auto account = service::read_new_user(body);
  if (!account) return refuse(account.error());
  const std::string hash = service::hash_password(account->password);
  // No tokens are made: the key that would sign them is not needed.
  const service::Tokens none(
      service::AccessTokens(
          *service::SigningKey::make(service::TokenAlgorithm::hs256, turnd::base::Secret(std::string(32, '-'))), ""),
      {}, turnd::crypto::system_random);
  const service::Accounts accounts(none, {});
  service::Effects effects;
  store::Transaction transaction(db);
  const auto made = accounts.add(db, *account, hash, wall_now(), effects);
  if (!made) return refuse(made.error());
  transaction.commit();
  std::cout << "added " << made->email << (made->is_admin ? ", an administrator" : "") << "\n";
  return kDone;
}

int add_key(const Options& options, store::Connection& db) {
  const auto scopes = service::parse_scopes(options.scopes);
  if (!scopes) {
    std::cerr << "signald: --scopes takes names such as turn,rooms\n";
    return kRefused;
  }
  store::Transaction transaction(db);
  const auto key = service::add_key(db, {.name = options.name, .scopes = *scopes, .created_at = wall_now()},
                                    turnd::crypto::system_random);
  if (!key) return refuse(key.error());
  transaction.commit();
  std::cout << *key << "\n";
  return kDone;
}

int list_keys(store::Connection& db) {
  for (const service::ApiKey& key : service::list_keys(db)) {
    std::cout << key.name << "\t";
    for (std::size_t i = 0; i < key.scopes.size(); ++i) std::cout << (i == 0 ? "" : ",") << key.scopes[i];
    std::cout << "\t" << protocol::time_text(key.created_at) << (key.revoked ? "\trevoked" : "") << "\n";
  }
  return kDone;
}

int revoke_key(const Options& options, store::Connection& db) {
  store::Transaction transaction(db);
  if (!service::revoke_key(db, options.name, wall_now())) {
    std::cerr << "signald: there is no key " << options.name << "\n";
    return kRefused;
  }
  transaction.commit();
  return kDone;
}

int print_events(const ReplayRange& range, store::Connection& events) {
  replay(events, range, [](const std::vector<service::LoggedEvent>& slice) {
    for (const service::LoggedEvent& each : slice) std::cout << boost::json::serialize(to_json(each)) << "\n";
  });
  return std::cout.flush() ? kDone : kRefused;
}

// The daemon sends them, within a minute, or when it starts.
template <class Queue>
int queue_events(const ReplayRange& range, store::Connection& events, store::Connection& db, Queue queue) {
  std::size_t queued = 0;
  replay(events, range, [&](const std::vector<service::LoggedEvent>& slice) {
    store::Transaction transaction(db);
    queued += queue(slice);
    transaction.commit();
  });
  std::cout << "queued " << queued << "\n";
  return kDone;
}

int replay_events(const Options& options, const config::Config& config, store::Connection& db) {
  store::Connection events(find_paths(config).events);
  store::migrate(events, store::events_schema(), wall_now());
  const ReplayRange range{options.after, options.events};
  switch (options.to) {
    case Options::ReplayTo::output:
      return print_events(range, events);
    case Options::ReplayTo::webhooks:
      if (config.webhooks.empty())
        return refuse(protocol::failure(ErrorCode::bad_request, "The configuration names no webhooks"));
      return queue_events(range, events, db, [&](const auto& slice) {
        return queue_for_webhooks(db, config.webhooks, slice, wall_now());
      });
    case Options::ReplayTo::amqp:
      if (!config.amqp) return refuse(protocol::failure(ErrorCode::bad_request, "The configuration names no broker"));
      return queue_events(range, events, db,
                          [&](const auto& slice) { return queue_for_broker(db, *config.amqp, slice, wall_now()); });
  }
  return kRefused;
}

int run(const Options& options, const config::Config& config, store::Connection& db) {
  switch (options.action) {
    case Options::Action::add_user:
      return add_user(options, db);
    case Options::Action::add_key:
      return add_key(options, db);
    case Options::Action::list_keys:
      return list_keys(db);
    case Options::Action::revoke_key:
      return revoke_key(options, db);
    case Options::Action::replay:
      return replay_events(options, config, db);
    case Options::Action::run:
    case Options::Action::check_config:
    case Options::Action::print_config:
      break;
  }
  return kRefused;
}

}  // namespace

int run_command(const Options& options, const config::Config& config) {
  const Paths paths = find_paths(config);
  if (config.database.empty())
    if (const auto why = open_directory(paths.state_directory)) {
      std::cerr << "signald: " << paths.state_directory << ": " << *why << "; run it as the user of signald\n";
      return kRefused;
    }
  try {
    store::Connection db(paths.database);
    store::migrate(db, store::main_schema(), wall_now());
    return run(options, config, db);
  } catch (const store::StorageError& error) {
    std::cerr << "signald: " << paths.database << ": " << error.what() << "; run it as the user of signald\n";
    return kRefused;
  }
}

}  // namespace signaling
