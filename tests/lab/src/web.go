// SPDX-FileCopyrightText: 2026 The NetCheck authors
// SPDX-License-Identifier: MIT
//
// An HTTP server that ends cleanly on SIGTERM, and N clients of it at once.
// usage: web server ADDRESS | web client URL N
package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"sync"
	"syscall"
)

func serve(address string) {
	server := &http.Server{Addr: address}
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		w.Write(text)
		fmt.Fprintln(w, r.URL.Path)
	})
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM)
	done := make(chan bool)
	go func() {
		<-ended
		server.Shutdown(context.Background())
		close(done)
	}()
	server.ListenAndServe()
	<-done
}

func ask(url string, n int) {
	var all sync.WaitGroup
	for i := 0; i < n; i++ {
		all.Add(1)
		go func(i int) {
			defer all.Done()
			for j := 0; j < 3; j++ {
				text := bytes.Repeat([]byte{byte('a' + i)}, 500*j+i)
				answer, err := http.Post(fmt.Sprintf("%s/%d", url, i),
					"text/plain", bytes.NewReader(text))
				if err != nil {
					panic(err)
				}
				got, err := io.ReadAll(answer.Body)
				answer.Body.Close()
				if err != nil || !bytes.HasPrefix(got, text) {
					panic("wrong answer")
				}
			}
		}(i)
	}
	all.Wait()
	http.DefaultClient.CloseIdleConnections()
}

func main() {
	if os.Args[1] == "server" {
		serve(os.Args[2])
	} else {
		n, _ := strconv.Atoi(os.Args[3])
		ask(os.Args[2], n)
	}
}
