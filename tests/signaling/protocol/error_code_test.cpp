#include "signaling/protocol/error_code.h"

#include <gtest/gtest.h>

namespace signaling::protocol {
namespace {

TEST(ErrorCodeTest, HasTheHttpStatusOfR6) {
  EXPECT_EQ(http_status(ErrorCode::bad_request), 400);
  EXPECT_EQ(http_status(ErrorCode::meeting_full), 400);
  EXPECT_EQ(http_status(ErrorCode::meeting_ended), 400);
  EXPECT_EQ(http_status(ErrorCode::not_joined), 400);
  EXPECT_EQ(http_status(ErrorCode::token_invalid), 400);
  EXPECT_EQ(http_status(ErrorCode::unauthenticated), 401);
  EXPECT_EQ(http_status(ErrorCode::token_expired), 401);
  EXPECT_EQ(http_status(ErrorCode::bad_credentials), 401);
  EXPECT_EQ(http_status(ErrorCode::password_required), 401);
  EXPECT_EQ(http_status(ErrorCode::password_wrong), 401);
  EXPECT_EQ(http_status(ErrorCode::forbidden), 403);
  EXPECT_EQ(http_status(ErrorCode::not_invited), 403);
  EXPECT_EQ(http_status(ErrorCode::request_denied), 403);
  EXPECT_EQ(http_status(ErrorCode::not_found), 404);
  EXPECT_EQ(http_status(ErrorCode::meeting_not_found), 404);
  EXPECT_EQ(http_status(ErrorCode::method_not_allowed), 405);
  EXPECT_EQ(http_status(ErrorCode::conflict), 409);
  EXPECT_EQ(http_status(ErrorCode::email_taken), 409);
  EXPECT_EQ(http_status(ErrorCode::username_taken), 409);
  EXPECT_EQ(http_status(ErrorCode::too_large), 413);
  EXPECT_EQ(http_status(ErrorCode::unsupported_media_type), 415);
  EXPECT_EQ(http_status(ErrorCode::meeting_locked), 423);
  EXPECT_EQ(http_status(ErrorCode::rate_limited), 429);
  EXPECT_EQ(http_status(ErrorCode::headers_too_large), 431);
  EXPECT_EQ(http_status(ErrorCode::unavailable), 503);
}

TEST(ErrorCodeTest, IsWrittenAsItsNameAndReadBack) {
  EXPECT_EQ(to_string(ErrorCode::duplicate_session), "duplicate_session");
  EXPECT_EQ(error_code("duplicate_session"), ErrorCode::duplicate_session);
  EXPECT_EQ(error_code("internal"), ErrorCode::internal);
  EXPECT_EQ(error_code("Internal"), std::nullopt);
  EXPECT_EQ(error_code(""), std::nullopt);
}

TEST(ErrorCodeTest, IsRetryableWhenTimeAloneMayHelp) {
  EXPECT_TRUE(retryable(ErrorCode::rate_limited));
  EXPECT_TRUE(retryable(ErrorCode::unavailable));
  EXPECT_FALSE(retryable(ErrorCode::password_wrong));
  EXPECT_FALSE(retryable(ErrorCode::meeting_ended));
}

}  // namespace
}  // namespace signaling::protocol
