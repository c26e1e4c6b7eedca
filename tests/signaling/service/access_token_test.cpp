#include "signaling/service/access_token.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <boost/json/serialize.hpp>

#include "signaling/service/base64url.h"
#include "tests/signaling/service/service_fixture.h"
#include "turnd/crypto/hmac.h"

namespace signaling::service {
namespace {

namespace base = turnd::base;
namespace json = boost::json;

constexpr const char* kIssuer = "https://meet.example.org";

std::string make_pem(int type = EVP_PKEY_ED25519) {
  std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(EVP_PKEY_CTX_new_id(type, nullptr),
                                                                      &EVP_PKEY_CTX_free);
  EVP_PKEY* made = nullptr;
  EVP_PKEY_keygen_init(context.get());
  EVP_PKEY_keygen(context.get(), &made);
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(made, &EVP_PKEY_free);
  std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), &BIO_free);
  PEM_write_bio_PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

class AccessTokenTest : public ::testing::Test {
 protected:
  [[nodiscard]] Claims claims() const {
    Claims made;
    made.subject = "7";
    made.role = "user";
    made.name = "Ann \"Quote\"";
    made.email = "ann@example.org";
    made.epoch = 3;
    made.family = "00ff";
    made.issued_at = now_;
    made.expires_at = now_ + 15min;
    return made;
  }
  [[nodiscard]] json::object header() const { return {{"alg", "HS256"}, {"typ", "JWT"}, {"kid", test_key().id()}}; }
  [[nodiscard]] json::object body() const {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now_.time_since_epoch()).count();
    return {{"iss", kIssuer}, {"aud", "signald"}, {"sub", "7"}, {"role", "user"}, {"exp", seconds + 900}};
  }
  static std::string sign(const std::string& header, const std::string& body, const std::string& key) {
    const std::string text = to_base64url(base::as_bytes(header)) + '.' + to_base64url(base::as_bytes(body));
    return text + '.' + to_base64url(turnd::crypto::hmac_sha256(base::as_bytes(key), {base::as_bytes(text)}));
  }
  static std::string sign(const std::string& header, const std::string& body) {
    return sign(header, body, std::string(32, 'k'));
  }
  [[nodiscard]] bool accepts(const json::object& header, const json::object& body) const {
    return tokens_.verify(sign(json::serialize(header), json::serialize(body)), now_).has_value();
  }
  [[nodiscard]] bool accepts_with(std::string_view name, const json::value& value) const {
    auto changed = body();
    changed[name] = value;
    return accepts(header(), changed);
  }
  [[nodiscard]] std::int64_t at(std::chrono::seconds offset) const {
    return std::chrono::duration_cast<std::chrono::seconds>((now_ + offset).time_since_epoch()).count();
  }

  WallTime now_ = store::kToday;
  AccessTokens tokens_{test_key(), kIssuer};
};

TEST_F(AccessTokenTest, ClaimsComeBackAsTheyWent_R15) {
  const auto read = tokens_.verify(tokens_.sign(claims()), now_);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->user_id(), 7);
  EXPECT_EQ(read->role, "user");
  EXPECT_EQ(read->name, claims().name);
  EXPECT_EQ(read->email, "ann@example.org");
  EXPECT_EQ(read->epoch, 3);
  EXPECT_EQ(read->family, "00ff");
  EXPECT_EQ(read->expires_at, now_ + 15min);
  EXPECT_FALSE(read->meeting);
}

TEST_F(AccessTokenTest, ATokenMadeByHandIsReadToo) { EXPECT_TRUE(accepts(header(), body())); }

TEST_F(AccessTokenTest, ExpiryHasNoLeewayAndItsOwnCode_R15) {
  const std::string token = tokens_.sign(claims());
  EXPECT_TRUE(tokens_.verify(token, now_ + 15min - 1ms));
  EXPECT_EQ(tokens_.verify(token, now_ + 15min).error().code, ErrorCode::token_expired);
}

TEST_F(AccessTokenTest, NotBeforeAndIssuedHaveThirtySeconds_R15) {
  for (const char* name : {"nbf", "iat"}) {
    EXPECT_TRUE(accepts_with(name, at(30s))) << name;
    EXPECT_FALSE(accepts_with(name, at(31s))) << name;
    EXPECT_FALSE(accepts_with(name, "now")) << name;
  }
}

TEST_F(AccessTokenTest, ExpiryMustBeAnIntegerOfOurTime_W_JWT) {
  EXPECT_FALSE(accepts_with("exp", json::value(std::to_string(at(900s)))));
  EXPECT_FALSE(accepts_with("exp", 1e99));
  EXPECT_FALSE(accepts_with("exp", std::numeric_limits<std::int64_t>::max()));
  EXPECT_FALSE(accepts_with("exp", nullptr));
  auto without = body();
  without.erase("exp");
  EXPECT_FALSE(accepts(header(), without));
}

TEST_F(AccessTokenTest, IssuerAndAudienceAreOurs_W_JWT) {
  EXPECT_FALSE(accepts_with("iss", "https://evil.example"));
  EXPECT_FALSE(accepts_with("aud", "other"));
  EXPECT_FALSE(accepts_with("aud", json::array{"other", 1}));
  EXPECT_TRUE(accepts_with("aud", json::array{"other", "signald"}));
}

TEST_F(AccessTokenTest, TheHeaderChoosesNoAlgorithm_W_JWT) {
  for (const char* name : {"none", "NONE", "nOnE", "HS384", "EdDSA", "RS256", "hs256"}) {
    auto changed = header();
    changed["alg"] = name;
    EXPECT_FALSE(accepts(changed, body())) << name;
  }
  const std::string unsigned_text = to_base64url(base::as_bytes(std::string_view(R"({"alg":"none"})"))) + '.' +
                                    to_base64url(base::as_bytes(json::serialize(body()))) + '.';
  EXPECT_FALSE(tokens_.verify(unsigned_text, now_));
}

TEST_F(AccessTokenTest, TheHeaderBringsNoKey_W_JWT) {
  for (const char* kid : {"../../dev/null", "' OR 1=1 --", "", "0000000000000000"}) {
    auto changed = header();
    changed["kid"] = kid;
    EXPECT_FALSE(accepts(changed, body())) << kid;
  }
  auto embedded = header();
  embedded["jwk"] = {{"kty", "oct"}, {"k", "ZXZpbA"}};
  EXPECT_FALSE(tokens_.verify(sign(json::serialize(embedded), json::serialize(body()), std::string(32, 'e')), now_));
}

TEST_F(AccessTokenTest, AnAmbiguousHeaderIsRefused_W_JWT) {
  const std::string kid = test_key().id(), text = json::serialize(body());
  EXPECT_TRUE(tokens_.verify(sign(R"({"alg":"HS256","kid":")" + kid + R"("})", text), now_));
  EXPECT_FALSE(tokens_.verify(sign(R"({"alg":"none","alg":"HS256","kid":")" + kid + R"("})", text), now_));
  EXPECT_FALSE(tokens_.verify(sign(R"({"\u0061lg":"none","alg":"HS256","kid":")" + kid + R"("})", text), now_));
  EXPECT_FALSE(tokens_.verify(sign(R"({"alg":"HS256","crit":["b64"],"kid":")" + kid + R"("})", text), now_));
  EXPECT_FALSE(tokens_.verify(sign(R"({"alg":"HS256","typ":"at+jwt","kid":")" + kid + R"("})", text), now_));
}

TEST_F(AccessTokenTest, EveryChangedCharacterIsNoticed) {
  const std::string token = tokens_.sign(claims());
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    ASSERT_FALSE(tokens_.verify(changed, now_)) << i;
    ASSERT_FALSE(tokens_.verify(token.substr(0, i), now_)) << i;
  }
}

TEST_F(AccessTokenTest, AHugeTokenIsRefusedUnread_W_JWT) {
  EXPECT_FALSE(tokens_.verify(tokens_.sign(claims()) + std::string(100'000, 'A'), now_));
}

TEST_F(AccessTokenTest, AnOldKeyIsGoodUntilItIsForgotten) {
  AccessTokens rotated(test_key('n'), kIssuer);
  const std::string old = tokens_.sign(claims());
  EXPECT_FALSE(rotated.verify(old, now_));
  rotated.accept(test_key());
  EXPECT_TRUE(rotated.verify(old, now_));
  EXPECT_FALSE(tokens_.verify(rotated.sign(claims()), now_));
}

TEST_F(AccessTokenTest, SignsWithEd25519AndTakesNoHmacWithThePublicKey_W_JWT) {
  const auto key = SigningKey::make(TokenAlgorithm::eddsa, base::Secret(make_pem()));
  ASSERT_TRUE(key);
  const AccessTokens tokens(*key, kIssuer);
  EXPECT_TRUE(tokens.verify(tokens.sign(claims()), now_));

  json::object confused = header();
  confused["kid"] = key->id();
  EXPECT_FALSE(tokens.verify(sign(json::serialize(confused), json::serialize(body()), key->id()), now_));
}

TEST_F(AccessTokenTest, AKeyThatIsTooShortOrOfAnotherKindIsRefused_C1) {
  EXPECT_FALSE(SigningKey::make(TokenAlgorithm::hs256, base::Secret(std::string(31, 'x'))));
  EXPECT_FALSE(SigningKey::make(TokenAlgorithm::eddsa, base::Secret(std::string(32, 'x'))));
  EXPECT_FALSE(SigningKey::make(TokenAlgorithm::eddsa, base::Secret(make_pem(EVP_PKEY_X25519))));
}

TEST(Base64UrlTest, OneTextForEveryValue) {
  for (const std::string_view text : {"", "A", "AB", "ABC", "\xFB\xFF\xFE"}) {
    const auto encoded = to_base64url(base::as_bytes(text));
    EXPECT_EQ(base::as_text(from_base64url(encoded).value()), text);
  }
  for (const char* wrong : {"QQ==", "QR", "Q", "Q+", "Q/", "Q Q", "QUI=", "QUJD="})
    EXPECT_FALSE(from_base64url(wrong)) << wrong;
}

}  // namespace
}  // namespace signaling::service
