"""How the models that ship were trained; nothing here is needed to run the product."""
