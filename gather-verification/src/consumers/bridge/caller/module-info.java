module consumer {
  requires acme.users;
}
