"""The bus between processes: Apache Kafka.

    settings      every setting of `[kafka]`
    connection    who we are to the brokers: TLS, SASL, and which of their errors pass
    topics        names, partitions, retention; made and checked
    bus           `KafkaBus`: publishing, and the consumers
    consuming     one consumer group member: fetch, write down, handle, commit
    subscription  who reads what
    progress      what is written into the commit metadata, so that a batch delivered again is the same batch
    partition     the records of one partition that wait to be handled
    dead_letters  records that can never succeed: their exact bytes, and why
    dead_letter_topic   reading them, and putting them back
    lag           how far behind a group is, partition by partition

This package is the only one that knows aiokafka.
"""
