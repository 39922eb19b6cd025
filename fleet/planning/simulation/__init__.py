"""Campaigns in made-up worlds: how soon different ways to send the vans would be done, and how near to the best."""
