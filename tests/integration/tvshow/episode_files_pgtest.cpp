// The files of episodes: lookups, lists and changes.
#include "tvshow_client.hpp"

namespace qm::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Languages = std::vector<std::string>;

// One series with the episodes 1, 2 and 3. The first has the files 4 to 1, oldest first but for 2
// and 3, which are of the same instant; the second has the file 5.
class EpisodeFiles : public TvshowClient {
 protected:
  EpisodeFiles() {
    add_series(1);
    run("insert into tvshow.episodes (id, series_id, season_id, season_number, episode_number,"
        " title) "
        "select ('00000000-0000-0000-0000-00000000000' || e)::uuid, series_id, id, 1, e, 'e' "
        "from tvshow.seasons, generate_series(1, 3) as e; "
        "insert into tvshow.episode_files (id, episode_id, file_path, file_name, file_size,"
        " sonarr_file_id, created_at) "
        "select ('00000000-0000-0000-0000-00000000000' || n)::uuid, episodes.id, '/tv/' || n, 'f',"
        " 1, sonarr, day::timestamptz "
        "from (values (1, 1, 70, '2026-01-04'), (3, 1, 70, '2026-01-03'), (2, 1, 70, '2026-01-03'),"
        " (4, 1, 71, '2026-01-02'), (5, 2, null, '2026-01-01')) as f (n, e, sonarr, day)"
        " join tvshow.episodes on episode_number = e order by n desc");
  }
  auto add_full() {
    return client.create_episode_file(db, {.episode_id = uuid(3),
                                           .file_path = "/tv/full.mkv",
                                           .file_name = "full.mkv",
                                           .file_size = 5'000'000'000,
                                           .container = "mkv",
                                           .resolution = "1080p",
                                           .quality_profile = "HD",
                                           .video_codec = "h264",
                                           .audio_codec = "aac",
                                           .bitrate_kbps = 8000,
                                           .duration_seconds = Numeric("2700.125"),
                                           .audio_languages = {"en", "de"},
                                           .subtitle_languages = {"fr"},
                                           .sonarr_file_id = 77});
  }
  std::vector<int> files_of(std::uint8_t episode) {
    return numbers(client.list_episode_files_by_episode(db, uuid(episode)));
  }
};

TEST_F(EpisodeFiles, AreCreatedAsGiven) {
  const auto made = add_full();
  EXPECT_EQ(client.get_episode_file(db, made.id), made);
  EXPECT_EQ(made.episode_id, uuid(3));
  EXPECT_EQ(made.file_path, "/tv/full.mkv");
  EXPECT_EQ(made.file_name, "full.mkv");
  EXPECT_EQ(made.file_size, 5'000'000'000);
  EXPECT_EQ(made.container, "mkv");
  EXPECT_EQ(made.resolution, "1080p");
  EXPECT_EQ(made.quality_profile, "HD");
  EXPECT_EQ(made.video_codec, "h264");
  EXPECT_EQ(made.audio_codec, "aac");
  EXPECT_EQ(made.bitrate_kbps, 8000);
  EXPECT_EQ(made.duration_seconds, Numeric("2700.125"));
  EXPECT_THAT(made.audio_languages, ElementsAre("en", "de"));
  EXPECT_THAT(made.subtitle_languages, ElementsAre("fr"));
  EXPECT_EQ(made.sonarr_file_id, 77);
  const auto bare = client.create_episode_file(
      db, {.episode_id = uuid(3), .file_path = "/tv/bare", .file_name = "bare", .file_size = 0});
  EXPECT_TRUE(!bare.container && !bare.resolution && !bare.quality_profile && !bare.video_codec &&
              !bare.audio_codec && !bare.bitrate_kbps && !bare.duration_seconds &&
              !bare.sonarr_file_id);
  EXPECT_THAT(bare.audio_languages, IsEmpty());
  EXPECT_THAT(bare.subtitle_languages, IsEmpty());
}

TEST_F(EpisodeFiles, HaveAPathOfTheirOwn) {
  EXPECT_THROW(
      client.create_episode_file(
          db, {.episode_id = uuid(3), .file_path = "/tv/1", .file_name = "f", .file_size = 1}),
      UniqueViolation);
  EXPECT_THROW(client.update_episode_file(db, {.file_path = "/tv/1", .id = uuid(2)}),
               UniqueViolation);
  EXPECT_THROW(
      client.create_episode_file(
          db, {.episode_id = uuid(9), .file_path = "/tv/9", .file_name = "f", .file_size = 1}),
      ForeignKeyViolation);
}

TEST_F(EpisodeFiles, AreFoundByIdPathAndSonarrId) {
  EXPECT_EQ(client.get_episode_file(db, uuid(5))->file_path, "/tv/5");
  EXPECT_FALSE(client.get_episode_file(db, uuid(6)));
  EXPECT_EQ(client.get_episode_file_by_path(db, "/tv/5")->id, uuid(5));
  EXPECT_FALSE(client.get_episode_file_by_path(db, "/TV/5"));
  EXPECT_FALSE(client.get_episode_file_by_path(db, "/tv/%"));
  EXPECT_EQ(client.get_episode_file_by_sonarr_id(db, 71)->id, uuid(4));
  EXPECT_EQ(client.get_episode_file_by_sonarr_id(db, 70)->id, uuid(2))
      << "the one stored first, then by id";
  EXPECT_FALSE(client.get_episode_file_by_sonarr_id(db, 72));
}

TEST_F(EpisodeFiles, OfAnEpisodeAreListedOldestFirst) {
  EXPECT_THAT(files_of(1), ElementsAre(4, 2, 3, 1));
  EXPECT_THAT(files_of(2), ElementsAre(5));
  EXPECT_THAT(files_of(3), IsEmpty());
}

TEST_F(EpisodeFiles, ArePatched) {
  auto expected = add_full();
  const auto same = client.update_episode_file(db, {.id = expected.id});
  ASSERT_TRUE(same);
  EXPECT_GT(same->updated_at, expected.updated_at);
  expected.updated_at = same->updated_at;
  EXPECT_EQ(same, expected) << "nulls keep everything else";
  const auto changed = client.update_episode_file(db, {.file_path = "/new/a.mp4",
                                                       .file_name = "a.mp4",
                                                       .file_size = 2,
                                                       .container = "mp4",
                                                       .resolution = "720p",
                                                       .quality_profile = "SD",
                                                       .video_codec = "av1",
                                                       .audio_codec = "opus",
                                                       .bitrate_kbps = 0,
                                                       .duration_seconds = Numeric("1.5"),
                                                       .audio_languages = Languages{},
                                                       .subtitle_languages = Languages{"it", "en"},
                                                       .sonarr_file_id = 78,
                                                       .id = expected.id});
  EXPECT_EQ(changed->file_path, "/new/a.mp4");
  EXPECT_EQ(changed->file_name, "a.mp4");
  EXPECT_EQ(changed->file_size, 2);
  EXPECT_EQ(changed->container, "mp4");
  EXPECT_EQ(changed->resolution, "720p");
  EXPECT_EQ(changed->quality_profile, "SD");
  EXPECT_EQ(changed->video_codec, "av1");
  EXPECT_EQ(changed->audio_codec, "opus");
  EXPECT_EQ(changed->bitrate_kbps, 0);
  EXPECT_EQ(changed->duration_seconds, Numeric("1.500"));
  EXPECT_THAT(changed->audio_languages, IsEmpty()) << "an empty array is a value";
  EXPECT_THAT(changed->subtitle_languages, ElementsAre("it", "en"));
  EXPECT_EQ(changed->sonarr_file_id, 78);
  EXPECT_EQ(changed->episode_id, uuid(3));
  EXPECT_FALSE(client.update_episode_file(db, {.file_name = "nobody", .id = uuid(9)}));
  EXPECT_EQ(client.get_episode_file(db, uuid(1))->file_name, "f");
}

TEST_F(EpisodeFiles, AreForgottenAndTheirPathIsFree) {
  client.delete_episode_file(db, uuid(2));
  EXPECT_THAT(files_of(1), ElementsAre(4, 3, 1));
  EXPECT_EQ(
      client
          .create_episode_file(
              db, {.episode_id = uuid(3), .file_path = "/tv/2", .file_name = "f", .file_size = 1})
          .episode_id,
      uuid(3));
}

TEST_F(EpisodeFiles, OfOneEpisodeAreForgotten) {
  client.delete_episode_files_by_episode(db, uuid(1));
  EXPECT_THAT(files_of(1), IsEmpty());
  EXPECT_THAT(files_of(2), ElementsAre(5));
  EXPECT_TRUE(client.get_episode(db, uuid(1)));
}

}  // namespace
}  // namespace qm::test
