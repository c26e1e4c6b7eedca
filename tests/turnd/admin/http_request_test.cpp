// What a request must look like before anybody asks what it wants.
#include "tests/turnd/admin/door_fixture.h"

namespace turnd::admin {
namespace {

using HttpRequestTest = DoorTest;

TEST_F(HttpRequestTest, TakesAWholeUriLikeItsPath_Rfc9112_s3_2_2) {
  open();
  HttpClient client(path());

  EXPECT_EQ(client.request("GET", "http://localhost/a?b=c").body, "GET /a?b=c ");
  EXPECT_EQ(client.request("DELETE", "HTTP://[::1]:80/d/http://e").body, "DELETE /d/http://e? ");
  EXPECT_EQ(client.request("GET", "http://localhost").body, "GET /? ");
  EXPECT_EQ(client.request("GET", "http://localhost?b=/c").body, "GET /?b=/c ");
}

TEST_F(HttpRequestTest, WantsOneHost_Rfc9112_s3_2) {
  open();
  for (const char* request :
       {"GET /x HTTP/1.1\r\n\r\n", "GET http://h/x HTTP/1.1\r\n\r\n", "GET /x HTTP/1.1\r\nHost: h\r\nhost: h\r\n\r\n",
        "GET /x HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", "GET /x HTTP/1.1\r\nHost: a b\r\n\r\n",
        "GET /x HTTP/1.1\r\nHost: a/b\r\n\r\n"}) {
    HttpClient client(path());
    client.send(request);
    const HttpReply reply = client.read_reply();
    EXPECT_EQ(reply.status, 400) << request;
    EXPECT_EQ(code_of(reply), "bad_request");
    EXPECT_NE(reply.body.find("Host"), std::string::npos) << reply.body;
    EXPECT_TRUE(client.is_closed()) << request;
  }
}

TEST_F(HttpRequestTest, TakesEveryHostAndOfHttp10None) {
  open();
  for (const char* request :
       {"GET /x HTTP/1.0\r\n\r\n", "GET /x HTTP/1.1\r\nHost:\r\n\r\n", "GET /x HTTP/1.1\r\nHost: [::1]:9641\r\n\r\n"}) {
    HttpClient client(path());
    client.send(request);
    EXPECT_EQ(client.read_reply().status, 200) << request;
  }
}

TEST_F(HttpRequestTest, RefusesWhatTwoReadersCouldReadDifferently_Rfc9112_s6_3) {
  open();
  for (const char* fields :
       {"Content-Length: 2\r\nContent-Length: 3\r\n", "Content-Length: 2\r\nContent-Length: 2\r\n",
        "Content-Length: 2, 2\r\n", "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding: gzip\r\n", "Transfer-Encoding: xchunked\r\n", "Content-Length: -1\r\n",
        "Content-Length: +2\r\n", "Content-Length: 0x2\r\n", "Content-Length: 2 2\r\n", "Content-Length : 2\r\n",
        "Content-Length: 18446744073709551616\r\n", "Content-Length:\r\n"}) {
    HttpClient client(path());
    client.send("POST /x HTTP/1.1\r\nHost: h\r\n" + std::string(fields) +
                "\r\nhiGET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n");
    const HttpReply reply = client.read_reply();
    EXPECT_EQ(reply.status, 400) << fields;
    EXPECT_EQ(code_of(reply), "bad_request");
    EXPECT_TRUE(client.is_closed()) << fields;
  }
}

TEST_F(HttpRequestTest, RefusesWhatIsNotHttp) {
  open();
  for (const std::string& bytes :
       {std::string("\x16\x03\x01\x02\x00\x01", 6), std::string("hello\r\n\r\n"), std::string("GET /x\r\n\r\n"),
        std::string("GET /x HTTP/9.9\r\n\r\n"), std::string("GET /x\0y HTTP/1.1\r\nHost: h\r\n\r\n", 30),
        std::string("GET /x HTTP/1.1\r\nHost: h\r\nno colon\r\n\r\n")}) {
    HttpClient client(path());
    client.send(bytes);
    EXPECT_EQ(client.read_reply().status, 400) << bytes;
    EXPECT_TRUE(client.is_closed()) << bytes;
  }
}

}  // namespace
}  // namespace turnd::admin
