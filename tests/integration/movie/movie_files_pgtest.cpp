// The files of movies: how they are stored, found, changed and deleted.
#include "movie_client.hpp"

namespace qm::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Languages = std::vector<std::string>;

class MovieFiles : public MovieClient {
 protected:
  const Uuid movie = add_movie("Solaris");

  // Files of that movie, named by their paths; the id takes a number, see uuid().
  void add_files(const std::string& rows) {
    run("insert into movie.movie_files"
        " (movie_id, file_size, file_name, id, file_path, radarr_file_id, created_at, deleted_at)"
        " select '" +
        movie.to_string() +
        "', 1, 'f',"
        " ('00000000-0000-0000-0000-' || lpad(to_hex(n), 12, '0'))::uuid, path, radarr,"
        " day::timestamptz, gone::timestamptz from (values " +
        rows + ") as f (n, path, radarr, day, gone)");
  }
};

TEST_F(MovieFiles, AreStoredAsGivenAndTheRestIsLeftToAScan) {
  const auto row = client.create_movie_file(db, {.movie_id = movie,
                                                 .file_path = "/m/Solaris.mkv",
                                                 .file_size = 5'000'000'000,
                                                 .file_name = "Solaris.mkv",
                                                 .resolution = "1080p",
                                                 .quality_profile = "HD",
                                                 .video_codec = "hevc",
                                                 .audio_codec = "flac",
                                                 .container = "mkv",
                                                 .bitrate_kbps = 8000,
                                                 .audio_languages = Languages{"ru", "de"},
                                                 .subtitle_languages = Languages{},
                                                 .radarr_file_id = 3});
  EXPECT_EQ(row.movie_id, movie);
  EXPECT_EQ(row.file_path, "/m/Solaris.mkv");
  EXPECT_EQ(row.file_size, 5'000'000'000);
  EXPECT_EQ(row.file_name, "Solaris.mkv");
  EXPECT_EQ(row.resolution, "1080p");
  EXPECT_EQ(row.quality_profile, "HD");
  EXPECT_EQ(row.video_codec, "hevc");
  EXPECT_EQ(row.audio_codec, "flac");
  EXPECT_EQ(row.container, "mkv");
  EXPECT_EQ(row.bitrate_kbps, 8000);
  EXPECT_EQ(row.audio_languages, (Languages{"ru", "de"}));
  EXPECT_EQ(row.subtitle_languages, Languages{}) << "none is not unknown";
  EXPECT_EQ(row.radarr_file_id, 3);
  EXPECT_EQ(row.is_monitored, true);
  EXPECT_EQ(value("select num_nonnulls(duration_seconds, framerate, dynamic_range, color_space,"
                  " audio_channels, last_scanned_at, deleted_at) from movie.movie_files"),
            "0");
  EXPECT_EQ(client.get_movie_file(db, row.id), row);

  const auto bare =
      client.create_movie_file(db, {.movie_id = movie, .file_path = "/m/b", .file_name = "b"});
  EXPECT_EQ(bare.audio_languages, std::nullopt);
  EXPECT_EQ(bare.resolution, std::nullopt);
  EXPECT_EQ(bare.file_size, 0);
}

TEST_F(MovieFiles, NeedAMovieAndAPathOfTheirOwn) {
  add_files("(1, '/a', null::int, '2020-01-01', null), (2, '/gone', null, '2020-01-01', 'now')");
  const auto create = [&](const Uuid& of, const char* path) {
    client.create_movie_file(db, {.movie_id = of, .file_path = path, .file_name = "f"});
  };
  EXPECT_THROW(create(movie, "/a"), UniqueViolation);
  create(movie, "/gone");
  EXPECT_EQ(value("select string_agg(deleted_at::text, '') is null and count(*) = 1 "
                  "from movie.movie_files where file_path = '/gone'"),
            "t")
      << "the deleted one made way";
  EXPECT_THROW(create(uuid(9), "/b"), ForeignKeyViolation);
}

TEST_F(MovieFiles, AreFoundByIdAndByPathExactly) {
  add_files(
      "(1, '/m/A', null::int, '2020-01-01', null), (2, '/m/b', null, '2020-01-01', null),"
      "(3, '/m/gone', null, '2020-01-01', 'now')");
  EXPECT_EQ(client.get_movie_file(db, uuid(1))->file_path, "/m/A");
  EXPECT_EQ(client.get_movie_file_by_path(db, "/m/b")->id, uuid(2));
  EXPECT_EQ(client.get_movie_file_by_path(db, "/m/a"), std::nullopt);
  EXPECT_EQ(client.get_movie_file_by_path(db, "/m/gone"), std::nullopt);
  EXPECT_EQ(client.get_movie_file(db, uuid(3)), std::nullopt);
}

TEST_F(MovieFiles, SharingARadarrIdAreFoundTheOldestFirst) {
  add_files(
      "(4, '/d', 7, '2020-01-02', null), (3, '/c', 7, '2020-01-02', null),"
      "(1, '/a', 7, '2020-01-03', null), (2, '/gone', 7, '2020-01-01', 'now'),"
      "(5, '/e', 8, '2020-01-01', null)");
  EXPECT_EQ(client.get_movie_file_by_radarr_id(db, 7)->id, uuid(3));
  EXPECT_EQ(client.get_movie_file_by_radarr_id(db, 9), std::nullopt);
}

TEST_F(MovieFiles, AreListedNewestFirst) {
  add_files(
      "(4, '/d', 7, '2020-01-02', null), (3, '/c', 7, '2020-01-02', null),"
      "(1, '/a', 7, '2020-01-01', null), (2, '/b', 7, '2020-01-03', null),"
      "(5, '/gone', 8, '2020-01-09', 'now')");
  const Uuid other = add_movie("other");
  client.create_movie_file(db, {.movie_id = other, .file_path = "/o", .file_name = "o"});
  EXPECT_THAT(numbers(client.list_movie_files_by_movie_id(db, movie)), ElementsAre(2, 3, 4, 1));
  EXPECT_THAT(client.list_movie_files_by_movie_id(db, uuid(9)), IsEmpty());
}

TEST_F(MovieFiles, KeepWhatAnUpdateLeavesOut) {
  add_files("(1, '/a', null::int, '2020-01-01', null), (2, '/b', null, '2020-01-01', null)");
  run("update movie.movie_files set resolution = '-', quality_profile = '-', video_codec = '-',"
      " audio_codec = '-', container = '-', bitrate_kbps = 1, audio_languages = '{-}',"
      " subtitle_languages = '{-}', radarr_file_id = 1");
  const auto full = client.update_movie_file(db, {.file_size = 2,
                                                  .resolution = "720p",
                                                  .quality_profile = "SD",
                                                  .video_codec = "h264",
                                                  .audio_codec = "aac",
                                                  .container = "mp4",
                                                  .bitrate_kbps = 1000,
                                                  .audio_languages = Languages{"en"},
                                                  .subtitle_languages = Languages{"fr"},
                                                  .radarr_file_id = 4,
                                                  .id = uuid(1)});
  ASSERT_TRUE(full);
  EXPECT_EQ(full->file_path, "/a");
  EXPECT_EQ(full->created_at, at("2020-01-01"));
  const auto moved = client.update_movie_file(db, {.file_path = "/new/a", .id = uuid(1)});
  EXPECT_EQ(moved->file_path, "/new/a");
  EXPECT_EQ(moved->file_name, "f") << "the name is not among what changes";
  EXPECT_EQ(moved->file_size, 2);
  EXPECT_EQ(moved->resolution, "720p");
  EXPECT_EQ(moved->quality_profile, "SD");
  EXPECT_EQ(moved->video_codec, "h264");
  EXPECT_EQ(moved->audio_codec, "aac");
  EXPECT_EQ(moved->container, "mp4");
  EXPECT_EQ(moved->bitrate_kbps, 1000);
  EXPECT_EQ(moved->audio_languages, Languages{"en"});
  EXPECT_EQ(moved->subtitle_languages, Languages{"fr"});
  EXPECT_EQ(moved->radarr_file_id, 4);
  EXPECT_GT(moved->updated_at, full->updated_at);
  EXPECT_EQ(client.get_movie_file(db, uuid(1)), moved);
  EXPECT_EQ(client.get_movie_file(db, uuid(2))->file_path, "/b");
  EXPECT_THROW(client.update_movie_file(db, {.file_path = "/b", .id = uuid(1)}), UniqueViolation);
}

TEST_F(MovieFiles, ChangeOnlyWhileTheyLiveAndAreDeletedAnewByASecondDeletion) {
  add_files(
      "(1, '/gone', null::int, '2020-01-01', '2020-01-02'),"
      "(2, '/live', null, '2020-01-01', null)");
  EXPECT_EQ(client.update_movie_file(db, {.file_size = 9, .id = uuid(1)}), std::nullopt);
  client.delete_movie_file(db, uuid(1));
  EXPECT_EQ(value("select file_size from movie.movie_files where file_path = '/gone'"), "1");
  EXPECT_EQ(value("select deleted_at > '2020-01-03' from movie.movie_files "
                  "where file_path = '/gone'"),
            "t");
  EXPECT_THAT(numbers(client.list_movie_files_by_movie_id(db, movie)), ElementsAre(2));
  client.delete_movie_file(db, uuid(2));
  EXPECT_EQ(client.get_movie_file(db, uuid(2)), std::nullopt);
  EXPECT_EQ(value("select count(*) from movie.movie_files"), "2");
}

}  // namespace
}  // namespace qm::test
