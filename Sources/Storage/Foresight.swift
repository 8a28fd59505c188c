/// What a write will ask before it writes anything, known before it begins. An engine that is elsewhere asks it for
/// many writes at once, so that a batch of them takes two round trips and not one each.
package struct Foresight: Sendable {
    /// What the write is about. Of several writes about the same, one is foreseen: what it does, the others have to
    /// see.
    package let topic: String
    /// Each group as the body will ask it, by one call. What the body asks otherwise it is answered as ever.
    package let questions: [[SQL]]

    package init(topic: String, questions: [[SQL]]) {
        self.topic = topic
        self.questions = questions
    }

    /// The same, with what is asked ahead of it.
    package func asking(_ statement: SQL?) -> Foresight {
        guard let statement else { return self }
        return Foresight(topic: topic, questions: [[statement]] + questions)
    }
}

/// What is known of a write before it begins.
package struct WriteHints: Sendable {
    package var foresight: Foresight?
    /// Another write was in its way before: it may as well wait for others now.
    package var hasLostRace: Bool

    package init(foresight: Foresight? = nil, hasLostRace: Bool = false) {
        self.foresight = foresight
        self.hasLostRace = hasLostRace
    }
}
