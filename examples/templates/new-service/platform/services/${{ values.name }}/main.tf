# Made by the portal's template new-service. What differs between services is data: it stands in
# terraform.tfvars.json, where no value can become code.

variable "name" {
  type = string
}

variable "owner" {
  type        = string
  description = "Entity reference of the owning group"
}

variable "team" {
  type        = string
  description = "The group that may edit what is in the namespace"
}

variable "cpu" {
  type        = number
  default     = 2
  description = "CPU cores of the namespace's quota"
}

module "namespace" {
  source = "../../modules/namespace"

  name        = var.name
  admins      = [var.team]
  cpu         = var.cpu
  annotations = { "backstage.io/owner" = var.owner }
}
