// SPDX-FileCopyrightText: 2026 The NetCheck authors
// SPDX-License-Identifier: MIT
//
// The JDK's HTTP server with four threads.

import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

public class HttpServe {
	public static void main(String[] args) throws Exception {
		HttpServer s = HttpServer.create(new InetSocketAddress(8000), 0);
		s.setExecutor(Executors.newFixedThreadPool(4));
		s.createContext("/", e -> {
			try {
				byte[] b = "answer\n".repeat(200).getBytes();
				e.sendResponseHeaders(200, b.length);
				e.getResponseBody().write(b);
			} finally {
				e.close();
			}
		});
		s.start();
	}
}
