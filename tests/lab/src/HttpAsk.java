// SPDX-FileCopyrightText: 2026 The NetCheck authors
// SPDX-License-Identifier: MIT
//
// Six requests at once, and one more on a kept connection.

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

public class HttpAsk {
	public static void main(String[] args) throws Exception {
		HttpClient c = HttpClient.newBuilder()
		    .version(HttpClient.Version.HTTP_1_1).build();
		HttpRequest r = HttpRequest.newBuilder(URI.create(args[0])).build();
		List<CompletableFuture<?>> all = new ArrayList<>();
		for (int i = 0; i < 6; i++)
			all.add(c.sendAsync(r, BodyHandlers.ofString()));
		for (CompletableFuture<?> f : all)
			f.get();
		c.send(r, BodyHandlers.ofString());
		System.out.println("seven answers");
		System.exit(0);
	}
}
