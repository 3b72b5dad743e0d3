module acme.users {
  requires dev.gather.bridge;
  requires transitive dev.gather.future;

  exports acme.users;
}
