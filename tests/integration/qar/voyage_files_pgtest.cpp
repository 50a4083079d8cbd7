// The queries of voyage files and fingerprints.
#include <quartermaster/error.hpp>

#include "qar_database.hpp"

namespace qm::test {
namespace {

class VoyageFiles : public Qar {
 protected:
  Uuid in = fleet();
  Uuid one = voyage(in, "one");
  Uuid two = voyage(in, "two");

  Uuid file(const Uuid& of, std::string_view path) {
    return client.upsert_voyage_file(db, {.voyage_id = of, .file_path = path, .file_size = 1}).id;
  }
  qar::VoyageCoordinate mark(const Uuid& of, std::string_view algorithm, std::string_view value,
                             std::optional<std::int64_t> bits = {},
                             std::optional<Uuid> file_id = {}) {
    return client.upsert_voyage_coordinate(db, {.voyage_id = of,
                                                .voyage_file_id = file_id,
                                                .algorithm = algorithm,
                                                .value = value,
                                                .bits = bits,
                                                .source = "local"});
  }
  using Ids = std::vector<Uuid>;
};

TEST_F(VoyageFiles, OneOfAKnownPathMovesWithAllItsValues) {
  const auto made = client.upsert_voyage_file(db, {.voyage_id = one,
                                                   .file_path = "/b",
                                                   .file_size = 5'000'000'000,
                                                   .container = "mp4",
                                                   .video_codec = "h264",
                                                   .audio_codec = "aac",
                                                   .resolution = "720p",
                                                   .framerate = Numeric("23.976"),
                                                   .duration_seconds = 60,
                                                   .bitrate_kbps = 100});
  EXPECT_EQ(made.framerate, Numeric("23.976"));
  EXPECT_EQ(made.file_size, 5'000'000'000);
  file(one, "/a");
  const auto files = client.list_voyage_files(db, one);
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0].file_path, "/a");
  EXPECT_EQ(files[1], made);

  const auto moved = client.upsert_voyage_file(
      db, {.voyage_id = two, .file_path = "/b", .file_size = 2, .audio_codec = "opus"});
  EXPECT_EQ(moved.id, made.id);
  EXPECT_EQ(moved.voyage_id, two);
  EXPECT_EQ(moved.audio_codec, "opus");
  EXPECT_EQ(moved.framerate, std::nullopt);
  EXPECT_EQ(moved.container, std::nullopt);
  EXPECT_EQ(client.list_voyage_files(db, one).size(), 1U);
}

TEST_F(VoyageFiles, AreFoundByPathWhileTheVoyageIsLive) {
  const Uuid id = file(one, "/a");
  EXPECT_EQ(client.get_voyage_file_by_path(db, "/a")->id, id);
  EXPECT_EQ(client.get_voyage_file_by_path(db, "/A"), std::nullopt);
  client.delete_voyage(db, one);
  EXPECT_EQ(client.get_voyage_file_by_path(db, "/a"), std::nullopt);
}

TEST_F(VoyageFiles, GoWithTheirFingerprints) {
  const Uuid id = file(one, "/a");
  mark(one, "md5", "of the file", {}, id);
  mark(one, "md5", "of the voyage");
  EXPECT_EQ(client.delete_voyage_file(db, id), 1);
  EXPECT_EQ(client.delete_voyage_file(db, id), 0);
  const auto left = client.list_voyage_coordinates(db, one);
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].value, "of the voyage");
}

TEST_F(VoyageFiles, WithoutFingerprintComeOldestFirst) {
  const Uuid gone = voyage(in, "gone");
  file(gone, "/gone");
  client.delete_voyage(db, gone);
  const Uuid done = file(one, "/1");
  const Uuid other_algorithm = file(one, "/2");
  const Uuid oldest = file(two, "/3");
  mark(one, "oshash", "x", {}, done);
  mark(one, "md5", "y", {}, other_algorithm);
  mark(two, "oshash", "of the voyage alone");
  sql("update qar.voyage_files set created_at = '2024-01-09'::date - substr(file_path, 2)::int "
      "where file_path <> '/gone'");
  EXPECT_EQ(
      ids(client.list_voyage_files_without_coordinate(db, {.algorithm = "oshash", .limit = 9})),
      (Ids{oldest, other_algorithm}));
  EXPECT_EQ(
      ids(client.list_voyage_files_without_coordinate(db, {.algorithm = "oshash", .limit = 1})),
      (Ids{oldest}));
  sql("update qar.voyage_files set created_at = '2024-01-01'");
  EXPECT_EQ(
      ids(client.list_voyage_files_without_coordinate(db, {.algorithm = "oshash", .limit = 9})),
      sorted({oldest, other_algorithm}));
}

TEST_F(VoyageFiles, AKnownFingerprintIsReplaced) {
  const Uuid id = file(one, "/a");
  const auto made = mark(one, "phash", "ff", 255, id);
  EXPECT_EQ(made.bits, 255);
  const auto again = client.upsert_voyage_coordinate(
      db,
      {.voyage_id = one, .algorithm = "phash", .value = "ff", .bits = -1, .source = "elsewhere"});
  EXPECT_EQ(again.id, made.id);
  EXPECT_EQ(again.bits, -1);
  EXPECT_EQ(again.source, "elsewhere");
  EXPECT_EQ(again.voyage_file_id, id) << "none given: the known one stays";
  const Uuid other = file(one, "/b");
  EXPECT_EQ(mark(one, "phash", "ff", 255, other).voyage_file_id, other);
  EXPECT_NE(mark(two, "phash", "ff", 255).id, made.id) << "another voyage's";
}

TEST_F(VoyageFiles, OnlyAPhashHasBits) {
  EXPECT_THROW(mark(one, "phash", "ff"), CheckViolation);
  EXPECT_THROW(mark(one, "md5", "ff", 255), CheckViolation);
  EXPECT_THROW(mark(one, "sha1", "ff"), CheckViolation);
  EXPECT_THROW(mark(one, "md5", ""), CheckViolation);
}

TEST_F(VoyageFiles, FingerprintsAreListedByAlgorithmAndValue) {
  mark(one, "phash", "a", 1);
  mark(one, "md5", "b");
  mark(one, "md5", "a");
  mark(two, "md5", "c");
  Texts listed;
  for (const auto& row : client.list_voyage_coordinates(db, one))
    listed.push_back(row.algorithm + " " + row.value);
  EXPECT_EQ(listed, (Texts{"md5 a", "md5 b", "phash a"}));
}

TEST_F(VoyageFiles, AnExactFingerprintFindsLiveVoyages) {
  const Uuid gone = voyage(in, "gone");
  for (const Uuid& id : {one, two, gone})
    mark(id, "md5", "same");
  mark(one, "oshash", "same");
  client.delete_voyage(db, gone);
  const auto found =
      client.find_voyages_by_coordinate(db, {.algorithm = "md5", .value = "same", .limit = 9});
  EXPECT_EQ(ids(found), sorted({one, two}));
  EXPECT_EQ(client.find_voyages_by_coordinate(db, {.algorithm = "md5", .value = "same", .limit = 1})
                .size(),
            1U);
  EXPECT_TRUE(
      client.find_voyages_by_coordinate(db, {.algorithm = "md5", .value = "SAME", .limit = 9})
          .empty());
}

TEST_F(VoyageFiles, ANearPhashFindsTheNearestFirst) {
  const Uuid far = voyage(in, "far");
  const Uuid gone = voyage(in, "gone");
  mark(one, "phash", "a", 0b0111);
  mark(one, "phash", "b", 0b0001);
  mark(two, "phash", "c", 0b0011);
  mark(far, "phash", "d", -1);
  mark(gone, "phash", "e", 0);
  client.delete_voyage(db, gone);
  const auto near = client.find_voyages_near_phash(db, {.bits = 0, .max_distance = 2, .limit = 9});
  ASSERT_EQ(ids(near), (Ids{one, two}));
  EXPECT_EQ(near[0].distance_bits, 1) << "the nearer one of its two";
  EXPECT_EQ(near[1].distance_bits, 2);
  const auto everything =
      client.find_voyages_near_phash(db, {.bits = 0, .max_distance = 64, .limit = 9});
  ASSERT_EQ(everything.size(), 3U);
  EXPECT_EQ(everything[2].distance_bits, 64) << "the sign is a bit as well";
  EXPECT_EQ(client.find_voyages_near_phash(db, {.bits = 0, .max_distance = 64, .limit = 1}).size(),
            1U);
  mark(two, "phash", "f", 0b0100);
  EXPECT_EQ(ids(client.find_voyages_near_phash(db, {.bits = 0, .max_distance = 1, .limit = 9})),
            sorted({one, two}));
}

TEST_F(VoyageFiles, SharedFingerprintsAreListedMostSharedFirst) {
  const Uuid three = voyage(in, "three");
  const Uuid gone = voyage(in, "gone");
  for (const Uuid& id : {one, two, three})
    mark(id, "md5", "of three");
  for (const Uuid& id : {one, two})
    mark(id, "md5", "b");
  for (const Uuid& id : {one, three})
    mark(id, "md5", "a");
  for (const Uuid& id : {one, gone})
    mark(id, "md5", "with a deleted one");
  for (const Uuid& id : {one, two})
    mark(id, "oshash", "of another algorithm");
  client.delete_voyage(db, gone);
  const auto found =
      client.list_duplicate_coordinates(db, {.algorithm = "md5", .limit = all, .offset = 0});
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].value, "of three");
  EXPECT_EQ(found[0].voyage_count, 3);
  EXPECT_EQ(found[0].voyage_ids, sorted({one, two, three}));
  EXPECT_EQ(found[1].value, "a");
  EXPECT_EQ(found[1].voyage_ids, sorted({one, three}));
  EXPECT_EQ(found[2].value, "b");
  EXPECT_EQ(client.list_duplicate_coordinates(db, {.algorithm = "md5", .limit = 1, .offset = 2})
                .at(0)
                .value,
            "b");
}

}  // namespace
}  // namespace qm::test
