#!/usr/bin/perl
# What Mail::DMARC says to the cases on its standard input: a line each, of
# policy, alignment, result, the strictness of both alignments, its error, and
# the questions that it asked.  See cases.h.
use strict;
use warnings;

# Sampling (pct=) by the same number each time.
BEGIN { *CORE::GLOBAL::rand = sub { 0 } }

use FindBin;
use lib $FindBin::Bin;
use Zone;
use Mail::DMARC::PurePerl;

# As Net::DNS has it: the strings in a list, joined by spaces in a scalar.
sub Zone::Record::txtdata {
    my ($self) = @_;
    return wantarray ? @{ $self->{data} } : join ' ', @{ $self->{data} };
}

package Resolver;
our @ISA = ('Zone');

sub errorstring { '' }

# Net::DNS::Resolver: send() gives nothing when no server answers; of a
# failure it gives a packet without answers.
sub send {
    my ( $self, @what ) = @_;
    my ( $status, undef, $found ) = $self->look(@what);
    return $status eq 'TIMEOUT'
      ? undef
      : bless { answer => $found }, 'Zone::Packet';
}

# The same, and nothing when there is no answer.
sub query {
    my ( $self, @what ) = @_;
    my $packet = $self->send(@what);
    return $packet && $packet->answer ? $packet : undef;
}

package main;

my $suffixes = shift;

sub strictness {
    my ($how) = @_;
    return defined $how && lc $how eq 's' ? 'strict' : 'relaxed';
}

# One validation; what SPF says is given.
sub judge {
    my ( $keys, $zone, $spf ) = @_;
    my $dmarc = Mail::DMARC::PurePerl->new;
    $dmarc->config->{dns}{public_suffix_list} = $suffixes;
    $dmarc->config->{smtp}{whitelist}         = '';
    $dmarc->set_resolver($zone);
    $dmarc->source_ip('192.0.2.1');
    $dmarc->header_from( $keys->{domain} );
    $dmarc->dkim( [] );
    $dmarc->spf(
        [ { scope => 'mfrom', domain => $keys->{sender}, result => $spf } ] );
    my $result = $dmarc->validate;
    # What was found counts only if nothing was said against it.
    my ($reason) = map { $_->comment } @{ $result->reason || [] };
    my $policy = eval { $result->published };
    return ( $policy && !$reason ? $policy : undef, $result, $reason );
}

sub ask {
    my ( $keys, $zone ) = @_;
    my @out = ( 'exception', '', '', '', '' );
    my $note = '';
    eval {
        my ( $policy, $result, $reason ) = judge( $keys, $zone, 'fail' );
        if ( !$policy ) {
            $note = $reason || 'no policy that can be read';
            @out = ( 'absent', '', 'none', '', '' );
        }
        else {
            my ( undef, $passed ) = judge( $keys, $zone, 'pass' );
            my $aligned = ( $passed->spf || '' ) eq 'pass';
            @out = (
                lc( $result->disposition || '' ),
                $aligned ? 'aligned' : 'not',
                $aligned && $keys->{spf} eq 'pass' ? 'pass' : 'fail',
                strictness( $policy->aspf ),
                strictness( $policy->adkim ),
            );
        }
        1;
    } or $note = "$@";
    $note =~ s/ at \S+ line.*//s;
    print join( "\t", @out, Zone::encode($note), $zone->asked ), "\n";
    return;
}

local $SIG{__WARN__} = sub { };
Zone::each_case( 'Resolver', \&ask );
