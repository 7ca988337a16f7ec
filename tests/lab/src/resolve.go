// SPDX-FileCopyrightText: 2026 The NetCheck authors
// SPDX-License-Identifier: MIT

// resolve: look a name up, and print its addresses.
package main

import (
	"fmt"
	"net"
	"os"
)

func main() {
	fmt.Println(net.LookupHost(os.Args[1]))
}
