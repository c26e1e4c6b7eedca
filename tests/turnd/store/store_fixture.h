// StoreTest: a directory of its own for every test, and a database in it.
#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <memory>
#include <string>

#include "tests/support/temporary_folder.h"
#include "turnd/store/database.h"
#include "turnd/store/usage_record.h"

namespace turnd::store {

using namespace std::chrono_literals;

inline const base::WallTime kToday{std::chrono::seconds(1'700'000'000)};

class StoreTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::string path(std::string_view name = "turnd.db") const { return directory_.file(name); }
  [[nodiscard]] std::unique_ptr<Database> open() const { return std::move(*Database::open(path())); }

  // No page beyond those of the schema: SQLite answers as a full disk does.
  static void fill_disk(Database& database) { EXPECT_TRUE(database.execute("PRAGMA max_page_count=1")); }

  void write(std::string_view name, std::string_view text) const { std::ofstream(path(name)) << text; }
  [[nodiscard]] std::string read(std::string_view name) const {
    std::ifstream file(path(name));
    return {std::istreambuf_iterator<char>(file), {}};
  }
  [[nodiscard]] static unsigned mode_of(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 0777U : 0U;
  }

  static UsageRecord record(int number) {
    UsageRecord record;
    record.id = "s-" + std::to_string(1000 + number);
    record.username = "1700000000:bob";
    record.user = "bob";
    record.realm = "example.org";
    record.transport = "udp";
    record.client = "[2001:db8::1]:5000";
    record.relayed = {"203.0.113.10:50000", "[2001:db8::10]:50001"};
    record.started = kToday;
    record.ended = kToday + std::chrono::seconds(number);
    record.duration = std::chrono::seconds(number);
    record.reason = "expired";
    record.to_peer = {1, 2};
    record.to_client = {3, 4};
    record.drops = {{"no_permission", 5}, {"rate_limited", 6}};
    return record;
  }

  support::TemporaryFolder directory_;
};

}  // namespace turnd::store
