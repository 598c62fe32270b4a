"""What is shipped: function archives."""
