#include "signaling/store/statement.h"

#include <sqlite3.h>

#include "signaling/store/sqlite_error.h"

namespace signaling::store {

bool Statement::step() {
  const int result = sqlite3_step(statement_);
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  throw sqlite_error(sqlite3_db_handle(statement_));
}

void Statement::reset() {
  sqlite3_reset(statement_);  // repeats the error of the last step, which was thrown there
  sqlite3_clear_bindings(statement_);
}

void Statement::bind_null(int index) { sqlite3_bind_null(statement_, index); }
void Statement::bind_number(int index, std::int64_t value) { sqlite3_bind_int64(statement_, index, value); }
void Statement::bind_real(int index, double value) { sqlite3_bind_double(statement_, index, value); }

void Statement::bind_text(int index, std::string_view value) {
  const char* data = value.data() ? value.data() : "";  // a null pointer would become NULL
  sqlite3_bind_text64(statement_, index, data, value.size(), SQLITE_STATIC, SQLITE_UTF8);
}

void Statement::bind_bytes(int index, turnd::base::ByteView value) {
  if (value.empty())
    sqlite3_bind_zeroblob(statement_, index, 0);
  else
    sqlite3_bind_blob64(statement_, index, value.data(), value.size(), SQLITE_STATIC);
}

bool Row::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
std::int64_t Row::number(int column) const { return sqlite3_column_int64(statement_, column); }
double Row::real(int column) const { return sqlite3_column_double(statement_, column); }

std::string Row::text(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  if (!data) return {};
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

turnd::base::Bytes Row::bytes(int column) const {
  const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
  if (!data) return {};
  return {data, data + sqlite3_column_bytes(statement_, column)};
}

}  // namespace signaling::store
