#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <iostream>

#include "turnctl/commands.h"
#include "turnctl/secret_file.h"

namespace turnctl {
namespace {

void show_users(const boost::json::array& users) {
  Table table({"NAME", "SOURCE", "CREATED", "SESSIONS"});
  for (const boost::json::value& each : users) {
    const boost::json::object& user = each.as_object();
    table.add({cell(user, "name"), cell(user, "source"), cell(user, "created"), cell(user, "sessions")});
  }
  table.print("users");
}

void show_added(const boost::json::object& user) {
  if (!user.contains("password")) {
    std::cout << "user " << cell(user, "name") << " added\n";
    return;
  }
  print_facts({{"user", cell(user, "name")}, {"password", cell(user, "password")}});
  std::cerr << "turnd does not show this password again\n";
}

}  // namespace

int list_users(const Context& context, std::optional<std::size_t> limit) {
  return run_list(context, {"/v1/users", {}, limit}, show_users);
}

int add_user(const Context& context, const NewUser& user) {
  boost::json::object body{{"name", user.name}};
  const auto& file = user.password_file ? user.password_file : user.key_file;
  if (file) {
    const auto secret = read_secret(*file);
    if (!secret) return report(secret.error(), kRefused, context.mode);
    body[user.password_file ? "password" : "key"] = secret->reveal();
  }
  return run_request(context, {"POST", "/v1/users", body}, show_added);
}

int remove_user(const Context& context, const std::string& name, LiveSessions live) {
  const std::string target = "/v1/users/" + percent_encoded(name) + (live == LiveSessions::kill ? "?kill=true" : "");
  return run_request(context, {"DELETE", target}, [&name](const boost::json::object& reply) {
    std::cout << "user " << cell(boost::json::value(name)) << " removed, sessions closed: " << cell(reply, "closed")
              << "\n";
  });
}

}  // namespace turnctl
