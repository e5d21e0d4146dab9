#pragma once

#include "actors/aggregate.hpp"
#include "events/api_state.hpp"
#include "events/job_state.hpp"
#include "events/source_state.hpp"
#include "sources/fetch.hpp"
#include "specs/compat.hpp"
#include "specs/document.hpp"

#include <caf/typed_actor.hpp>

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// What the actors say to each other. Messages are plain values that never leave the process; a
/// sync's way through them is drawn in docs/architecture.md.
namespace apisync::actors {

/// The answer to a change: where it lies in the log, and what a person wants to know of it.
struct answer {
  events::sequence sequence = 0; ///< 0: nothing had to change.
  std::string json = "{}";       ///< One JSON object, without the sequence.
  bool repeated = false;         ///< It was carried out before, under its `Idempotency-Key`.
};

/// The settings have changed.
struct settings_are {
  std::shared_ptr<const events::settings> values;
  std::shared_ptr<const events::model_definition> model = {}; ///< Null: no model is asked.
};

// -- RESOLVER and spec workers ------------------------------------------------

/// A source, as far as comparing it goes.
struct compared_source {
  events::source_role role = events::source_role::authority;
  std::optional<events::selection_definition> select;

  bool operator==(const compared_source&) const = default;
};

/// What is known of an API when a document is taken in: hashes and rules, no documents.
struct api_context {
  std::string api;
  std::vector<events::rule_definition> rules;   ///< As declared.
  std::vector<events::rule_definition> learned; ///< From decisions.
  std::shared_ptr<const events::decision_map> decisions;
  std::map<std::string, std::vector<digest>> refused; ///< Contents that a rollback refused.
  std::optional<events::change_level> guard;
  std::optional<events::revision_added> head;
  std::optional<events::revision_added> released; ///< What users have.
  std::vector<events::overlay_definition> overlays;
  digest text;        ///< The merged document: what merges go on from.
  digest served;      ///< That text with the overlays on it.
  std::string format; ///< Of both.
  std::map<std::string, events::base_moved> bases;
  std::vector<events::conflict_detail> open;
  std::map<std::string, compared_source> sources; ///< Of the API, by id.
  std::optional<std::string> authority;           ///< The id of the API's authority.
  std::string today;                     ///< `YYYY-MM-DD`, UTC: which sunset dates have passed.
  result<specs::compat_options> judging; ///< By the API's own rules; or why they cannot be read.

  /// By the catalogue where the API's rules cannot be read.
  [[nodiscard]] specs::compat_options judged() const {
    return judging.value_or(specs::compat_options{today, {}});
  }
};

/// Takes one fetched version into an API.
struct take_version {
  api_context api;
  events::source_definition source;
  sources::version incoming;
  std::string accepted_hash; ///< Bytes that a person let through the quarantine.
  std::uint32_t loss_percent = 100;
  std::uint64_t max_bytes = 64U << 20;
};

/// Merges a source's last document again, after its selection has changed, or its role.
struct take_selection {
  api_context api;
  std::string source;
  std::optional<events::selection_definition> select; ///< As it is now.
};

/// Takes out what a removed source left.
struct take_drop {
  api_context api;
  std::string source;
  std::string reason;
  bool preview = false; ///< Only the places are told.
};

/// A person's edit: the whole document anew.
struct take_edit {
  api_context api;
  std::shared_ptr<const std::string> text;
  events::revision_cause cause;
  std::uint64_t max_bytes = 64U << 20;
};

/// Settles open conflicts of one API.
struct take_resolution {
  api_context api;
  std::vector<std::string> ids;
  std::string choice;               ///< `current`, `incoming`, `base`, `value`, `proposal`;
                                    ///< `review` for many places at once.
  std::optional<std::string> value; ///< JSON or YAML, for `value`.
  std::string reason;
  bool always = false; ///< Make a rule of it, for these places.
  std::map<std::string, events::model_opinion> proposals = {}; ///< By id, for `proposal`.
};

/// Opens decided conflicts again, with the value that current had.
struct take_undo {
  api_context api;
  std::vector<std::shared_ptr<const events::conflict_state>> decided;
  std::string reason;
};

/// Decides open conflicts again, after the rules have changed.
struct take_rules {
  api_context api;
};

/// Lays overlays anew, after they have changed.
struct take_overlays {
  api_context api; ///< With the overlays as they are to be.
  std::string author;
};

/// Makes a revision the released one.
struct take_promotion {
  api_context api;
  events::revision_added promoted;
  std::string reason;
};

/// Compares sources with what is served, where it was not a change of either that calls for it.
struct take_comparison {
  api_context api;
  std::vector<std::string> sources;
};

/// Makes an earlier text the current one.
struct take_rollback {
  api_context api;
  events::revision_added to;
  std::vector<std::string> sources; ///< Whose documents came in since: they are refused.
  std::string reason;
};

/// Makes the questions for a model about open conflicts.
struct take_question {
  api_context api;
  std::vector<std::string> ids;
  std::shared_ptr<const events::model_definition> model;
  std::map<digest, events::known_answer> known; ///< Questions that the log has answers to.
};

/// Checks what a model answered, and what of it counts.
struct take_answer {
  api_context api;
  events::model_asked asked;
  std::shared_ptr<const events::model_definition> model;
  /// What came: `answer` and `verdicts` are the task's to fill in.
  events::model_answered come;
  std::string
      text; ///< What the model wrote; where `come.repeated`, it is loaded from `come.answer`.
};

using integrate_task =
    std::variant<take_version, take_selection, take_drop, take_edit, take_resolution, take_undo,
                 take_rules, take_overlays, take_promotion, take_rollback, take_question,
                 take_answer, take_comparison>;

/// A question as it is sent.
struct model_prompt {
  events::model_asked asked;
  std::string system, user;                  ///< Instructions; what is asked.
  std::string schema;                        ///< JSON Schema of the answer.
  std::optional<events::known_answer> known; ///< The log has the answer.
};

/// What a task came to.
struct integrated {
  events::integration taken;
  std::vector<storage::stored_document> documents; ///< To be stored with the events.
  std::string unchanged; ///< Why there is nothing to record: `same`, `noise`; empty otherwise.
  std::optional<events::source_quarantined> refused; ///< Not what it should be.
  std::vector<model_prompt> prompts;                 ///< Those of `taken.asked`, and known ones.
  specs::document_ptr head;        ///< What merges go on from, where that is another document now.
  specs::document_ptr incoming;    ///< That of `taken.base`.
  std::vector<std::string> places; ///< JSON pointers of what a drop takes out.
};

struct integrate_order {
  std::shared_ptr<const integrate_task> task;
};
using integrated_ptr = std::shared_ptr<integrated>;

/// A spec worker: parses, compares, merges, judges, prints; one task at a time.
using worker_actor = caf::typed_actor<caf::replies_to<integrate_order>::with<integrated_ptr>>;

/// The RESOLVER: has merges done and conflicts decided by rule; records nothing itself. A task
/// waits until its estimated memory fits the budget and a worker is free.
using resolver_actor = caf::typed_actor<caf::replies_to<integrate_order>::with<integrated_ptr>,
                                        caf::reacts_to<settings_are>>;

// -- API ----------------------------------------------------------------------

/// A source's new versions, oldest first.
struct take_in {
  std::shared_ptr<const events::source_definition> source;
  std::vector<sources::version> versions;
  std::string accepted_hash;
  std::string correlation; ///< The sync.
};

/// How taking in ended.
struct taken_in {
  bool changed = false;
  std::string unchanged = "same"; ///< Where not changed.
  std::optional<std::uint64_t> revision;
  std::uint32_t conflicts = 0;
  std::optional<events::source_quarantined> refused;
};

struct change_api {
  events::api_definition definition;
  events::declared_by who = events::declared_by::api;
  asked_by asked;
  /// What was read before the change: `conflict` where the declaration is another by now.
  std::optional<events::api_definition> was = {};
};
struct remove_api {
  std::string id;
  events::declared_by who = events::declared_by::api;
  asked_by asked;
};
struct edit_spec {
  std::string api;
  std::shared_ptr<const std::string> text;
  std::string message;
  std::optional<std::string> if_match; ///< The hash of the text that was edited.
  asked_by asked;
};
struct rollback_api {
  std::string api;
  std::uint64_t to = 0;
  std::string reason;
  asked_by asked;
};
/// Takes out of the document what a removed source left: `{"api", "source", "places"}`.
struct drop_contributions {
  std::string api;
  std::string source;
  std::string reason;
  bool preview = false; ///< Changes nothing, and tells the places.
  asked_by asked;
};
/// Makes a revision the released one.
struct promote_api {
  std::string api;
  std::uint64_t revision = 0; ///< 0: the newest.
  std::string reason;
  asked_by asked;
};
struct resolve_conflicts {
  std::string api;
  std::vector<std::string> ids;
  std::string choice;
  std::optional<std::string> value;
  std::string reason;
  bool always = false; ///< Make a rule of it, for these places.
  asked_by asked;
  /// What was read before the decision: `conflict` where a conflict of that id is another by now.
  std::optional<events::conflict_detail> was = {};
};
/// Takes decisions back: the conflicts are open again.
struct undo_resolutions {
  std::string api;
  std::vector<std::string> ids;
  std::string reason;
  asked_by asked;
};
/// Drops a rule that was made of a decision.
struct forget_rule {
  std::string api;
  std::size_t index = 0; ///< Of the learned rules.
  asked_by asked;
};
/// Gives up what the sync of this correlation brings, unless it is on its way into the log.
struct cancel_take {
  std::string correlation;
  std::string reason;
};
/// A source of this API was added, or declared anew.
struct source_is {
  std::string id;
  compared_source source;
};
struct source_gone {
  std::string source;
};
struct pause_api {
  std::string id;
  bool paused = true;
  asked_by asked;
};
/// What the syncs of the API's sources have found: its document gone from everywhere since a time,
/// or there.
struct presence_is {
  std::optional<events::timestamp> gone_since;
  std::string source; ///< That was looked at last.
};

/// An API: its line of revisions, the bases of its sources, its conflicts. The only one that may
/// add a revision.
using api_actor = caf::typed_actor<
    // Merges and records; answers when all of it is on disk.
    caf::replies_to<take_in>::with<taken_in>, caf::reacts_to<cancel_take>,
    // Makes the document a revision; `conflict` where `if_match` is not what is served.
    caf::replies_to<edit_spec>::with<answer>,
    // Makes an earlier revision's text a new revision.
    caf::replies_to<rollback_api>::with<answer>, caf::replies_to<drop_contributions>::with<answer>,
    // Makes a revision the baseline of later ones.
    caf::replies_to<promote_api>::with<answer>,
    // Decides open conflicts, all or none.
    caf::replies_to<resolve_conflicts>::with<answer>,
    // Opens decided conflicts again, all or none.
    caf::replies_to<undo_resolutions>::with<answer>,
    // Drops a learned rule.
    caf::replies_to<forget_rule>::with<answer>,
    // Changes what people declare of it.
    caf::replies_to<change_api>::with<answer>,
    // Ends it; its history stays in the log.
    caf::replies_to<remove_api>::with<answer>, caf::reacts_to<source_is>,
    caf::reacts_to<source_gone>, caf::reacts_to<settings_are>,
    caf::replies_to<pause_api>::with<answer>, caf::reacts_to<presence_is>>;

// -- SOURCE -------------------------------------------------------------------

struct fetch_now {};

/// A fetch, with what its source knew when it began.
struct fetch_result {
  std::shared_ptr<const sources::fetch_outcome> outcome;
  std::shared_ptr<const events::source_definition> definition;
  std::string accepted_hash;
};

/// Records what was seen after its document was taken in.
struct record_seen {
  events::source_seen seen;
  std::string correlation;
};

/// Records that a fetched document is kept out.
struct record_refused {
  events::source_quarantined refused;
  events::source_seen seen;
  std::string correlation;
};

struct change_source {
  events::source_definition definition;
  events::declared_by who = events::declared_by::api;
  asked_by asked;
  /// What was read before the change: `conflict` where the declaration is another by now.
  std::optional<events::source_definition> was = {};
};
struct remove_source {
  std::string id;
  events::declared_by who = events::declared_by::api;
  asked_by asked;
};
struct pause_source {
  std::string id;
  bool paused = true;
  asked_by asked;
};
struct accept_quarantine {
  std::string id;
  asked_by asked;
};
/// The document of a source of kind `push`.
struct push_document {
  std::string id;
  events::document_pushed brought;
  std::vector<storage::stored_document> documents; ///< Its bytes, as they are stored.
  asked_by asked;
};

/// Whether changes of the source's file are watched: not while the engine is stopped.
struct watch_files {
  bool open = true;
};

/// A source: where a document is found and what was last seen there.
using source_actor = caf::typed_actor<
    // Asks whether there is anything new. A failed fetch is an answer, not an error.
    caf::replies_to<fetch_now>::with<fetch_result>, caf::replies_to<record_seen>::with<answer>,
    caf::replies_to<record_refused>::with<answer>, caf::replies_to<change_source>::with<answer>,
    caf::replies_to<remove_source>::with<answer>, caf::replies_to<pause_source>::with<answer>,
    caf::replies_to<accept_quarantine>::with<answer>,
    // Takes note of the document; `conflict` for a source of another kind.
    caf::replies_to<push_document>::with<answer>, caf::reacts_to<watch_files>,
    caf::reacts_to<settings_are>>;

// -- JOB ----------------------------------------------------------------------

/// Records that somebody orders a sync; it is due at once then, also after a restart.
struct request_sync {
  asked_by asked;
};

struct run_sync {
  bool waited = false; ///< Somebody waits for the end: it gets records of its own.
};

/// How a sync ended.
struct sync_ended {
  std::string job;
  std::string source;
  events::sync_outcome outcome = events::sync_outcome::none;
  std::string reason, where;
  std::optional<std::uint64_t> revision;
  std::uint32_t conflicts = 0;
  events::sequence sequence = 0;
  std::optional<events::timestamp> started;
  std::chrono::microseconds duration{};
  std::optional<events::timestamp> next_attempt;
  std::chrono::milliseconds interval{};             ///< Between two syncs, as things are.
  std::optional<events::failure_kind> failure = {}; ///< Of a failed one.
  std::optional<events::timestamp> gone_since = {}; ///< Every sync since then has found it gone.
};

/// The directory has the job: it may be planned, for whoever looks it up finds it.
struct begin_planning {
  bool look = false; ///< Due at once: what happened at its source until now went unseen.
};

struct cancel_sync {
  std::string reason; ///< `stop`, `shutdown`
};

struct change_job {
  events::job_definition definition;
  events::declared_by who = events::declared_by::api;
  asked_by asked;
};
struct remove_job {
  std::string id;
  events::declared_by who = events::declared_by::api;
  asked_by asked;
};

/// A job: its schedule and retry state, and the steps of the sync in flight.
using job_actor = caf::typed_actor<
    // Runs one sync and answers when its end is on disk. `conflict` while one is running.
    caf::replies_to<run_sync>::with<sync_ended>,
    // Records an order for a sync; the scheduler is the asker's to tell.
    caf::replies_to<request_sync>::with<answer>,
    // Ends the running sync as interrupted, unless what it brought is on its way into the log.
    caf::reacts_to<cancel_sync>, caf::replies_to<change_job>::with<answer>,
    // Lets a running sync end first.
    caf::replies_to<remove_job>::with<answer>, caf::reacts_to<settings_are>,
    caf::reacts_to<begin_planning>>;

// -- SCHEDULER ----------------------------------------------------------------

/// A job is there, or its time or definition has changed.
struct plan_job {
  std::string job;
  std::string source;
  events::priority priority = events::priority::medium;
  std::optional<events::timestamp> next;
  std::chrono::milliseconds interval{};             ///< Between two syncs, as things are; 0: none.
  bool ordered = false;                             ///< Somebody waits for it: it is not put off.
  std::optional<events::timestamp> last = {};       ///< The last attempt.
  std::optional<events::failure_kind> failure = {}; ///< Of the last sync, if it failed.
  std::optional<events::timestamp> gone_since = {}; ///< Every sync since then has found it gone.
};
struct unplan_job {
  std::string job;
};
/// Runs a source's job as soon as limits allow. Triggers that wait become one sync.
struct trigger_job {
  std::string job;
  bool wait = false;
  bool join = false; ///< With `wait`: a sync that runs will do, for it was started for this one.
};
struct set_mode {
  events::engine_mode mode = events::engine_mode::running;
};
/// What limits the syncs of a source.
struct limit_source {
  std::string source;
  std::string api;
  std::string host;               ///< Empty: no limit by host.
  std::string credential;         ///< Empty: no limit by credential.
  std::vector<std::string> after; ///< Ids of sources and APIs whose syncs go before its own.
  bool follows = true;            ///< Its API follows what it says: not an observer.
  bool paused = false;
};
struct forget_source {
  std::string source;
};
/// How an API is, as far as the syncs of its sources go.
struct limit_api {
  std::string api;
  bool paused = false;
  bool orphaned = false;
};
/// No sync of a source on this host starts until it is resumed.
struct pause_host {
  std::string host;
  bool paused = true;
  asked_by asked;
};
/// Asks what a job waits for, in words; of the engine, by its source.
struct ask_waits {
  std::string job;
};
/// One thing that a job waits for.
struct wait_reason {
  std::string name; ///< `budget`, `host`, `circuit`, …: docs/scheduling.md.
  std::string words;
};
struct waits {
  std::vector<wait_reason> reasons;
};
/// Asks how busy a host is.
struct ask_host {
  std::string host;
};
struct host_load {
  std::size_t running = 0;    ///< Syncs.
  std::size_t waiting = 0;    ///< Jobs that are due and wait.
  std::uint64_t requests = 0; ///< In the present window.
};
/// Why nothing starts in a mode, and what to do.
error not_running(events::engine_mode mode);

/// Cancels what runs and answers when nothing runs any more.
struct drain_syncs {
  std::string reason;
};

/// The SCHEDULER: which job runs when. Also collects the rows of starts and unchanged ends, for at
/// most 100 ms, and answers each when it is on disk.
using scheduler_actor = caf::typed_actor<
    caf::reacts_to<plan_job>, caf::reacts_to<unplan_job>,
    // Answers at once, or with the sync's end where `wait` is set.
    caf::replies_to<trigger_job>::with<sync_ended>, caf::reacts_to<set_mode>,
    caf::reacts_to<limit_source>, caf::reacts_to<forget_source>, caf::reacts_to<limit_api>,
    caf::reacts_to<settings_are>,
    // Records the pause, then keeps it.
    caf::replies_to<pause_host>::with<answer>, caf::replies_to<ask_waits>::with<waits>,
    caf::replies_to<ask_host>::with<host_load>, caf::replies_to<drain_syncs>::with<answer>,
    caf::replies_to<events::start_row>::with<storage::appended>,
    caf::replies_to<events::unchanged_row>::with<storage::appended>>;

} // namespace apisync::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::answer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::integrate_order)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::integrated_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::take_in)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::taken_in)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::change_api)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::remove_api)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::edit_spec)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::rollback_api)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::drop_contributions)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::promote_api)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::resolve_conflicts)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::undo_resolutions)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::forget_rule)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::cancel_take)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::source_is)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::source_gone)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::fetch_now)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::fetch_result)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::record_seen)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::record_refused)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::change_source)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::remove_source)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::pause_source)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::accept_quarantine)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::push_document)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::watch_files)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::request_sync)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::run_sync)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::sync_ended)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::begin_planning)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::cancel_sync)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::change_job)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::remove_job)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::settings_are)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::plan_job)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::unplan_job)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::trigger_job)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::set_mode)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::limit_source)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::forget_source)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::limit_api)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::pause_host)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::pause_api)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::presence_is)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::ask_waits)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::waits)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::ask_host)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::host_load)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::drain_syncs)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::events::start_row)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::events::unchanged_row)
