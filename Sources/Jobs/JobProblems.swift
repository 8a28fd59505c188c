package import Core

extension ProblemType {
    package static let jobState = ProblemType(
        "job_state",
        .conflict,
        zh: "任务当前状态不允许此操作",
        en: "The state of the job does not allow this"
    )
    package static let jobNotFound = ProblemType(
        "job_not_found",
        .notFound,
        zh: "没有这个任务",
        en: "There is no such job"
    )

    /// What this target raises.
    package static let jobs: [ProblemType] = [.jobState, .jobNotFound]
}

/// Somebody else holds the job by now, or it was cancelled or put off: nothing of the transaction may stay.
package struct JobFenced: Error, Sendable, Hashable {
    package let id: JobID
}

/// Trying again is of no use: the job goes to the dead ones at once, where a person sees it.
package struct HopelessJob: Error, Sendable, Hashable, CustomStringConvertible {
    package let reason: String

    package init(_ reason: String) {
        self.reason = reason
    }

    package var description: String { reason }
}
