# services of the cluster
locals {
  region = "eu-1" # do not move
  services = {
    # in order
    accounts = { tier = 1 }
    payments = {
      tier = 2
    }
  }
  teams = ["accounts", "payments"]
  hosts = [
    "a.example.org", # first
    "b.example.org",
  ]
}

module "accounts" {
  source = "../modules/service"
  name   = "accounts"
  size   = var.size
}
