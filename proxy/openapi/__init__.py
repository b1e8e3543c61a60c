"""What this server answers, as an OpenAPI document: pure, and made from the routes and the models that there are."""
