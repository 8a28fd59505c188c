package import Core

package enum JobTag: IDTag {
    package static let prefix = "job"
}

package typealias JobID = ID<JobTag>

package enum JobState: String, Sendable, Hashable, CaseIterable {
    /// Nobody has tried it.
    case waiting
    /// Somebody holds it, for a short time.
    case running
    /// An attempt came to nothing; there will be another.
    case retrying
    case done
    /// Nobody tries it any more until a person says so.
    case dead
    case cancelled

    package var isOver: Bool {
        switch self {
        case .done, .dead, .cancelled: true
        case .waiting, .running, .retrying: false
        }
    }
}

/// Something that is to be done at some time, once.
package struct Job: Sendable, Hashable {
    package let id: JobID
    package let kind: String
    /// What it is about: of a kind there is one for each.
    package let key: String
    package let payload: JSON
    package let state: JobState
    /// When it should be done, whenever that really happens.
    package let dueAt: Instant
    /// Of what waits, when it may be tried; of what runs, when others may take it; of what is over, since when.
    package let at: Instant
    package let fence: Int64
    package let attempts: Int64
    /// Why the last attempt came to nothing.
    package let fault: String?
    package let createdAt: Instant

    /// How long after its time it was done; `nil` as long as it is not.
    package var lateSeconds: Int64? {
        state == .done ? max(0, at.seconds(since: dueAt)) : nil
    }

    /// What a person is shown of it.
    package var json: JSON {
        [
            "id": JSON(id),
            "kind": JSON(kind),
            "key": JSON(key),
            "payload": payload,
            "state": JSON(state.rawValue),
            "due_at": JSON(dueAt),
            "at": JSON(at),
            "attempts": .integer(attempts),
            "fault": .optional(fault) { JSON($0) },
            "late_seconds": .optional(lateSeconds) { .integer($0) },
            "created_at": JSON(createdAt),
        ]
    }
}

/// A job that somebody holds.
package struct JobRun: Sendable, Hashable {
    /// What is done so soon after its time is not late: a queue is never empty for long.
    package static let punctualSeconds: Int64 = 60

    package let job: Job
    package let begunAt: Instant

    package init(job: Job, begunAt: Instant) {
        self.job = job
        self.begunAt = begunAt
    }

    package var lateSeconds: Int64 { max(0, begunAt.seconds(since: job.dueAt)) }

    /// Whether the server was down when it fell due, or could not get to it: what it does is recorded as late, and as
    /// of the time at which it was due.
    package var isLate: Bool { lateSeconds > JobRun.punctualSeconds }
}
