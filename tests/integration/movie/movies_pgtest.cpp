#include "movie_client.hpp"
