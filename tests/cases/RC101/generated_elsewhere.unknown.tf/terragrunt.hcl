generate "roles" {}
