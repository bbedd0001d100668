# Each alarm is for another call of the same module; Checkov renders the outputs of the first.
module "orders" {
  source = "./function"
  name   = "orders"
}

module "bills" {
  source = "./function"
  name   = "bills"
}

module "orders_alarm" {
  source        = "./alarm"
  function_name = module.orders.name
}

module "bills_alarm" {
  source        = "./alarm"
  function_name = module.bills.name
}
