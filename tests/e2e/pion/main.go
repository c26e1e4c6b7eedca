// A pion/turn client: allocates at a server, sends to a second allocation of its own and prints what came back.
package main

import (
	"flag"
	"fmt"
	"log"
	"net"
	"os"
	"time"

	"github.com/pion/turn/v2"
)

func dial(transport, server string) (net.PacketConn, error) {
	if transport == "tcp" {
		connection, err := net.Dial("tcp", server)
		if err != nil {
			return nil, err
		}
		return turn.NewSTUNConn(connection), nil
	}
	return net.ListenPacket("udp4", "0.0.0.0:0")
}

func allocate(transport, server, user, password string) (*turn.Client, net.PacketConn) {
	connection, err := dial(transport, server)
	if err != nil {
		log.Fatalf("dial: %v", err)
	}
	client, err := turn.NewClient(&turn.ClientConfig{
		STUNServerAddr: server, TURNServerAddr: server, Conn: connection, Username: user, Password: password,
	})
	if err != nil {
		log.Fatalf("client: %v", err)
	}
	if err = client.Listen(); err != nil {
		log.Fatalf("listen: %v", err)
	}
	relay, err := client.Allocate()
	if err != nil {
		fmt.Println("allocate refused:", err)
		os.Exit(3)
	}
	return client, relay
}

func main() {
	server := flag.String("server", "", "host:port")
	transport := flag.String("transport", "udp", "udp or tcp")
	user := flag.String("user", "", "")
	password := flag.String("password", "", "")
	messages := flag.Int("messages", 20, "")
	pause := flag.Duration("pause", 0, "between them")
	flag.Parse()

	client, caller := allocate(*transport, *server, *user, *password)
	defer client.Close()
	other, callee := allocate(*transport, *server, *user, *password)
	defer other.Close()

	// A permission each way, then an echo: the first packets go as Send indications, later ones on a channel.
	if _, err := callee.WriteTo([]byte("open"), caller.LocalAddr()); err != nil {
		log.Fatalf("permission: %v", err)
	}
	go func() {
		buffer := make([]byte, 1500)
		for {
			n, from, err := callee.ReadFrom(buffer)
			if err != nil {
				return
			}
			if _, err = callee.WriteTo(buffer[:n], from); err != nil {
				return
			}
		}
	}()

	echoed := 0
	buffer := make([]byte, 1500)
	for i := 0; i < *messages; i++ {
		time.Sleep(*pause)
		text := fmt.Sprintf("message %d", i)
		if _, err := caller.WriteTo([]byte(text), callee.LocalAddr()); err != nil {
			log.Fatalf("write: %v", err)
		}
		if err := caller.SetReadDeadline(time.Now().Add(2 * time.Second)); err != nil {
			log.Fatalf("deadline: %v", err)
		}
		for {
			n, _, err := caller.ReadFrom(buffer)
			if err != nil {
				log.Fatalf("no echo of %q: %v", text, err)
			}
			if string(buffer[:n]) == text {
				echoed++
				break
			}
		}
	}
	fmt.Println("echoed", echoed)
}
