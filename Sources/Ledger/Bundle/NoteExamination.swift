import Cryptography

/// What a note says, and whether the log has signed it.
struct NoteExamination {
    let origin: String
    /// `nil` where it cannot be read.
    let note: SignedNote?
    /// What it claims; `nil` where it is no checkpoint of that origin.
    let checkpoint: Checkpoint?
    private let error: NoteError?

    init(_ text: String, origin: String, keys: [VerifierKey]) {
        self.origin = origin
        do throws(NoteError) {
            let note = try SignedNote(parsing: Array(text.utf8))
            self.note = note
            checkpoint = Checkpoint(parsing: note.text).flatMap { $0.origin == origin ? $0 : nil }
            error = NoteExamination.firstError(note, keys)
        } catch {
            (note, checkpoint, self.error) = (nil, nil, error)
        }
    }

    private static func firstError(_ note: SignedNote, _ keys: [VerifierKey]) -> NoteError? {
        do throws(NoteError) {
            _ = try note.verified(by: keys)
            return nil
        } catch {
            return error
        }
    }

    func verdict(_ check: BundleCheck) -> BundleVerdict {
        let subject = check == .checkpointSignature ? (zh: "检查点", en: "checkpoint") : (zh: "车辆索引", en: "vehicle index")
        if let checkpoint, error == nil {
            return BundleVerdict(
                check,
                .passed,
                zh: "\(subject.zh)由 \(origin) 签名，覆盖 \(checkpoint.size) 条",
                en: "The \(subject.en) is signed by \(origin), for \(checkpoint.size) entries"
            )
        }
        switch error {
        case .badSignature:
            return BundleVerdict(
                check,
                .failed,
                zh: "\(subject.zh)的签名无效：内容或签名被改动",
                en: "The signature of the \(subject.en) is not valid: it or what it signs was altered"
            )
        case .noKnownSignature:
            return BundleVerdict(
                check,
                .failed,
                zh: "\(subject.zh)没有已知日志公钥的签名",
                en: "The \(subject.en) is not signed by a key of the log that you know"
            )
        default:
            return BundleVerdict(
                check,
                .failed,
                zh: "\(subject.zh)无法读取，或不属于这个日志",
                en: "The \(subject.en) cannot be read, or is of another log"
            )
        }
    }
}
