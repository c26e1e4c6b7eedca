// dual_allocation -server host:port -user USER -password PASSWORD PEER4 PEER6: allocates addresses of both families with
// one request (RFC 8656 s7.1), written with pion/stun, and prints them, what came to a peer of each family and back, and
// the same when the IPv6 address was given up.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"log"
	"net"
	"time"

	"github.com/pion/stun"
)

const additionalAddressFamily = stun.AttrType(0x8000)

var (
	familyIPv6 = []byte{2, 0, 0, 0}
	overUDP    = []byte{17, 0, 0, 0}
)

type client struct {
	socket      net.Conn
	credentials []stun.Setter
}

func (c *client) receive() *stun.Message {
	buffer := make([]byte, 1500)
	if err := c.socket.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
		log.Fatal(err)
	}
	n, err := c.socket.Read(buffer)
	if err != nil {
		log.Fatal(err)
	}
	message := &stun.Message{Raw: buffer[:n]}
	if err = message.Decode(); err != nil {
		log.Fatal(err)
	}
	return message
}

func (c *client) send(setters ...stun.Setter) {
	if _, err := c.socket.Write(stun.MustBuild(setters...).Raw); err != nil {
		log.Fatal(err)
	}
}

func (c *client) ask(method stun.Method, attributes ...stun.Setter) *stun.Message {
	setters := append([]stun.Setter{stun.TransactionID, stun.NewType(method, stun.ClassRequest)}, attributes...)
	c.send(append(setters, c.credentials...)...)
	return c.receive()
}

// The same, once with what the refusal tells.
func (c *client) logIn(user, password string, method stun.Method, attributes ...stun.Setter) *stun.Message {
	refused := c.ask(method, attributes...)
	var realm stun.Realm
	var nonce stun.Nonce
	if err := refused.Parse(&realm, &nonce); err != nil {
		log.Fatal(err)
	}
	c.credentials = []stun.Setter{stun.NewUsername(user), realm, nonce,
		stun.NewLongTermIntegrity(user, realm.String(), password)}
	return c.ask(method, attributes...)
}

func errorCode(answer *stun.Message) stun.ErrorCode {
	var code stun.ErrorCodeAttribute
	if err := code.GetFrom(answer); err != nil {
		log.Fatal(err)
	}
	return code.Code
}

func mustSucceed(what string, answer *stun.Message) {
	if answer.Type.Class != stun.ClassSuccessResponse {
		log.Fatal(what, " refused: ", errorCode(answer))
	}
}

func relayedAddresses(answer *stun.Message) (found []stun.XORMappedAddress) {
	for _, attribute := range answer.Attributes {
		if attribute.Type != stun.AttrXORRelayedAddress {
			continue
		}
		alone := &stun.Message{TransactionID: answer.TransactionID, Attributes: stun.Attributes{attribute}}
		var address stun.XORMappedAddress
		if err := address.GetFromAs(alone, stun.AttrXORRelayedAddress); err != nil {
			log.Fatal(err)
		}
		found = append(found, address)
	}
	return found
}

type peerAddress net.UDPAddr

func (p peerAddress) AddTo(m *stun.Message) error {
	return stun.XORMappedAddress{IP: p.IP, Port: p.Port}.AddToAs(m, stun.AttrXORPeerAddress)
}

// Sends to a socket of the peer's, which answers the relayed address; prints what came back from whom.
func (c *client) echo(host string) {
	peer, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.ParseIP(host)})
	if err != nil {
		log.Fatal(err)
	}
	defer peer.Close()
	address := peerAddress(*peer.LocalAddr().(*net.UDPAddr))
	mustSucceed("permission", c.ask(stun.MethodCreatePermission, address))
	payload := []byte("to " + host)
	c.send(stun.TransactionID, stun.NewType(stun.MethodSend, stun.ClassIndication), address,
		stun.RawAttribute{Type: stun.AttrData, Value: payload})
	buffer := make([]byte, 1500)
	n, relayed, err := peer.ReadFromUDP(buffer)
	if err != nil || !bytes.Equal(buffer[:n], payload) {
		log.Fatalf("the peer got %q: %v", buffer[:n], err)
	}
	if _, err = peer.WriteToUDP([]byte("from "+host), relayed); err != nil {
		log.Fatal(err)
	}
	data, err := c.receive().Get(stun.AttrData)
	fmt.Printf("%s %v\n", data, err)
}

func main() {
	server := flag.String("server", "", "host:port")
	user := flag.String("user", "", "")
	password := flag.String("password", "", "")
	flag.Parse()
	socket, err := net.Dial("udp", *server)
	if err != nil {
		log.Fatal(err)
	}
	c := &client{socket: socket}

	answer := c.logIn(*user, *password, stun.MethodAllocate,
		stun.RawAttribute{Type: stun.AttrRequestedTransport, Value: overUDP},
		stun.RawAttribute{Type: additionalAddressFamily, Value: familyIPv6})
	mustSucceed("allocation", answer)
	for _, address := range relayedAddresses(answer) {
		fmt.Println("relayed", address.IP)
	}
	for _, host := range flag.Args() {
		c.echo(host)
	}
	mustSucceed("refresh of one family", c.ask(stun.MethodRefresh,
		stun.RawAttribute{Type: stun.AttrRequestedAddressFamily, Value: familyIPv6},
		stun.RawAttribute{Type: stun.AttrLifetime, Value: []byte{0, 0, 0, 0}}))
	c.echo(flag.Arg(0))
	gone := peerAddress{IP: net.ParseIP(flag.Arg(1)), Port: 9}
	fmt.Println("the other family", errorCode(c.ask(stun.MethodCreatePermission, gone)))
}
