// Every courier test runs alone: they count timeouts and descriptors.
import Testing

@Suite(.serialized) struct CourierTests {}
