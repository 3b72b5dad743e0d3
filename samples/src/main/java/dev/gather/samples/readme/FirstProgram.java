package dev.gather.samples.readme;

// region first
import static java.time.Duration.ofSeconds;

import dev.gather.future.Gather;
import java.net.URI;
import java.util.List;

public class FirstProgram {
  public static void main(String[] args) {
    List<URI> urls = List.of(URI.create("https://a.example"), URI.create("https://b.example/1"));
    List<String> hosts =
        Gather.each(urls, URI::getHost).limit(16).timeout(ofSeconds(5)).all().join();
    System.out.println(hosts); // [a.example, b.example]
  }
}
// endregion
